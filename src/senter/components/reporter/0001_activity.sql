-- What was done, in the order in which the reporter heard.
CREATE TABLE activities (
    id INTEGER PRIMARY KEY,
    happened_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    details TEXT NOT NULL,
    importance TEXT NOT NULL
) STRICT;

CREATE INDEX activities_by_time ON activities (happened_at, kind);

-- Up to where a person was shown things. `written`: whether the session's file was.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY,
    visited_at TEXT NOT NULL,
    activity_id INTEGER NOT NULL,
    written INTEGER NOT NULL
) STRICT;

-- One for each local day, and those a person had made. `content` is empty until it is made.
CREATE TABLE digests (
    key TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    job TEXT NOT NULL,
    due_at TEXT NOT NULL,
    by_hand INTEGER NOT NULL,
    content TEXT NOT NULL DEFAULT '',
    made_at TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX digests_to_make ON digests (due_at) WHERE made_at IS NULL;

-- `origin` is what it is about: the same thing is told once. `shown`: whether a person saw that it reached nobody.
CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    importance TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX notifications_to_show ON notifications (id) WHERE shown = 0;

-- `target` is a fingerprint: addresses are secrets and stay in the settings.
CREATE TABLE deliveries (
    notification_id INTEGER NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    shown TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    first_tried_at TEXT,
    next_at TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (notification_id, target)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_to_do ON deliveries (target, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_cut_off ON deliveries (notification_id) WHERE state = 'sending';

-- `digest_hour`: the last that was announced. `written_id`: the newest activity that is in its day's file.
CREATE TABLE said (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

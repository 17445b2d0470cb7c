-- Events that were decided together with this file's data and still have to reach the bus, in order.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    wire_name TEXT NOT NULL,
    payload TEXT NOT NULL,
    added_at TEXT NOT NULL,
    refusal TEXT NOT NULL DEFAULT ''
) STRICT;

-- Events whose effect is in this file; the two were committed together.
CREATE TABLE inbox_processed (
    event_id TEXT PRIMARY KEY,
    processed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_processed_by_time ON inbox_processed (processed_at);

-- Attempts at events that have no effect yet. Counted before each attempt, so that a crash counts.
CREATE TABLE inbox_attempts (
    event_id TEXT PRIMARY KEY,
    wire_name TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    given_up INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL,
    attempted_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    focus TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE INDEX conversations_by_change ON conversations (updated_at);

-- One question and what became of it.
CREATE TABLE turns (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    query_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    focus TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('answering', 'answered', 'failed', 'cancelled', 'interrupted')),
    response TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    tokens INTEGER NOT NULL DEFAULT 0,
    latency_seconds REAL,
    degraded INTEGER NOT NULL DEFAULT 0,
    degraded_reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX turns_of_conversation ON turns (conversation_id, sequence);
CREATE INDEX turns_being_answered ON turns (query_id) WHERE state = 'answering';

-- What the daemon's start says was cut off.
CREATE VIEW interrupted_work AS SELECT query_id FROM turns WHERE state = 'answering';

-- What was done, one row for each call that made or changed something, and for what people did by a command themselves.
CREATE TABLE actions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    goal_id INTEGER REFERENCES goals (id) ON DELETE SET NULL,
    event_id TEXT UNIQUE,
    receipts TEXT NOT NULL,
    inverse TEXT NOT NULL,
    undone_by INTEGER,
    undoes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX actions_by_goal ON actions (goal_id) WHERE goal_id IS NOT NULL;
CREATE INDEX actions_by_undo ON actions (undone_by) WHERE undone_by IS NOT NULL;
CREATE INDEX actions_by_time ON actions (at);

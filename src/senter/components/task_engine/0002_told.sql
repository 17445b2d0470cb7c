-- The events in which the engine told of a goal, so that each can be traced back to it.
CREATE TABLE told (
    event_id TEXT PRIMARY KEY,
    goal_id INTEGER NOT NULL REFERENCES goals (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX told_by_goal ON told (goal_id);

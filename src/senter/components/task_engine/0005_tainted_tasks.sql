-- Whether text from outside is in a task's context: it stays there for every further attempt.
ALTER TABLE tasks ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0;

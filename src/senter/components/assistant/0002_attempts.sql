-- How often the answer was begun: pieces of the next one have a higher number, also after a crash.
ALTER TABLE turns ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;

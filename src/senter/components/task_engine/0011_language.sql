-- The language that a goal was asked for in: what it does is told in it. Empty is English.
ALTER TABLE goals ADD COLUMN language TEXT NOT NULL DEFAULT '';

-- Whose doing a goal is, what was understood of it, and what a person said is missing of what was done.
ALTER TABLE goals ADD COLUMN kind TEXT NOT NULL DEFAULT 'work' CHECK (kind IN ('work', 'own'));
ALTER TABLE goals ADD COLUMN acts TEXT;
ALTER TABLE goals ADD COLUMN part_of INTEGER;
ALTER TABLE goals ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN missing TEXT NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN overdue INTEGER NOT NULL DEFAULT 0;

-- A goal whose work has ended may still wait for a person to look.
DROP INDEX goals_open;
DROP INDEX goals_ended;

CREATE INDEX goals_open ON goals (deadline) WHERE status NOT IN ('completed', 'failed', 'cancelled', 'please_look');
CREATE INDEX goals_ended ON goals (finished_at) WHERE status IN ('completed', 'failed', 'cancelled', 'please_look');
CREATE INDEX goals_of_one_sentence ON goals (part_of) WHERE part_of IS NOT NULL;

-- A reminder that was told waits for a person: for which time it was told, when, and until when it is snoozed.
ALTER TABLE jobs ADD COLUMN told_due TEXT;
ALTER TABLE jobs ADD COLUMN told_at TEXT;
ALTER TABLE jobs ADD COLUMN snoozed_until TEXT;
ALTER TABLE removed_jobs ADD COLUMN told_due TEXT;
ALTER TABLE removed_jobs ADD COLUMN told_at TEXT;
ALTER TABLE removed_jobs ADD COLUMN snoozed_until TEXT;

CREATE INDEX jobs_snoozed ON jobs (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX jobs_told ON jobs (told_at) WHERE told_at IS NOT NULL;
-- Jobs that are over: they leave the list, and are forgotten after a while.
CREATE INDEX jobs_over ON jobs (id) WHERE trigger_type <> 'event' AND next_run IS NULL AND held_run IS NULL
    AND told_at IS NULL AND run_event IS NULL;

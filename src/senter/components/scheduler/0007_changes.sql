-- Which request changed a job last, and what it was before: the same request again changes nothing more.
ALTER TABLE jobs ADD COLUMN change_request TEXT;
ALTER TABLE jobs ADD COLUMN before TEXT;

-- Jobs that were removed, so that a removal can be taken back. Forgotten after a while.
CREATE TABLE removed_jobs (
    id INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    name TEXT NOT NULL,
    job_type TEXT NOT NULL,
    component TEXT NOT NULL,
    trigger_type TEXT NOT NULL,
    trigger_config TEXT NOT NULL,
    payload TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    misfire TEXT NOT NULL,
    grace_seconds REAL NOT NULL,
    overlap INTEGER NOT NULL,
    only_when_idle INTEGER NOT NULL,
    daily_limit INTEGER,
    last_run TEXT,
    run_count INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    preapproved_grant TEXT,
    change_request TEXT,
    before TEXT NOT NULL,
    removed_at TEXT NOT NULL
) STRICT;

CREATE INDEX removed_jobs_by_time ON removed_jobs (removed_at);

-- What is to be done at its time. `next_run` is empty while a job is not due by the clock.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    job_type TEXT NOT NULL,
    component TEXT NOT NULL,
    trigger_type TEXT NOT NULL,
    trigger_config TEXT NOT NULL,
    payload TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    misfire TEXT NOT NULL,
    grace_seconds REAL NOT NULL,
    overlap INTEGER NOT NULL,
    only_when_idle INTEGER NOT NULL,
    daily_limit INTEGER,
    built_in INTEGER NOT NULL DEFAULT 0,
    last_run TEXT,
    next_run TEXT,
    held_run TEXT,
    run_count INTEGER NOT NULL DEFAULT 0,
    run_event TEXT,
    run_began TEXT,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX jobs_due ON jobs (next_run, id) WHERE next_run IS NOT NULL;
CREATE INDEX jobs_on_event ON jobs (id) WHERE trigger_type = 'event' AND enabled = 1;
CREATE INDEX jobs_running ON jobs (run_began) WHERE run_event IS NOT NULL;

-- Due times that no clock gave: an event came, or a person said so. Gone once decided.
CREATE TABLE calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    due_at TEXT NOT NULL,
    request_id TEXT UNIQUE,
    chain TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX calls_of_job ON calls (job_id, due_at);

-- What became of every due time. Kept when its job is removed.
CREATE TABLE firings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL,
    job_name TEXT NOT NULL,
    due_at TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    event_id TEXT,
    chain TEXT NOT NULL DEFAULT '',
    request_id TEXT,
    ended_at TEXT,
    status TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX firings_once ON firings (job_id, due_at) WHERE outcome = 'fired';
CREATE INDEX firings_of_job ON firings (job_id, number);
CREATE UNIQUE INDEX firings_by_event ON firings (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX firings_of_chain ON firings (chain, job_id) WHERE chain <> '';
CREATE INDEX firings_by_request ON firings (request_id) WHERE request_id IS NOT NULL;

-- What the times of jobs were worked out with.
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

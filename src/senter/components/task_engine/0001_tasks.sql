-- What was asked for.
CREATE TABLE goals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    message_id TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    text TEXT NOT NULL,
    priority INTEGER NOT NULL,
    deadline TEXT,
    budget TEXT,
    standing_grant TEXT,
    status TEXT NOT NULL DEFAULT 'pending',
    paused INTEGER NOT NULL DEFAULT 0,
    focus TEXT NOT NULL DEFAULT 'general',
    planned_by TEXT NOT NULL DEFAULT '',
    plan_note TEXT NOT NULL DEFAULT '',
    plannings INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    same_failures INTEGER NOT NULL DEFAULT 0,
    last_failure TEXT NOT NULL DEFAULT '',
    not_before TEXT NOT NULL DEFAULT '',
    under INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    executed INTEGER NOT NULL DEFAULT 0,
    verified INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    results TEXT NOT NULL DEFAULT '[]',
    model_calls INTEGER NOT NULL DEFAULT 0,
    tool_calls INTEGER NOT NULL DEFAULT 0,
    tokens INTEGER NOT NULL DEFAULT 0,
    wall_seconds REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    planned_at TEXT,
    finished_at TEXT
) STRICT;

CREATE INDEX goals_to_plan ON goals (priority DESC, coalesce(deadline, '9'), id) WHERE status IN ('pending', 'planning');
CREATE INDEX goals_at_work ON goals (priority DESC, coalesce(deadline, '9'), id)
    WHERE status = 'in_progress' AND executed = 0;
CREATE INDEX goals_to_deliver ON goals (id) WHERE status = 'in_progress' AND executed = 1;
CREATE INDEX goals_open ON goals (deadline) WHERE status NOT IN ('completed', 'failed', 'cancelled');
CREATE INDEX goals_ended ON goals (finished_at) WHERE status IN ('completed', 'failed', 'cancelled');

-- What a goal may do, each version: the last one holds.
CREATE TABLE grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    goal_id INTEGER NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TEXT NOT NULL
) STRICT;

CREATE INDEX grants_by_goal ON grants (goal_id, id);

-- What is done for it.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    goal_id INTEGER NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    planned TEXT NOT NULL,
    depends_on TEXT NOT NULL,
    optional INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    ready INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL DEFAULT '',
    fence INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    same_failures INTEGER NOT NULL DEFAULT 0,
    last_failure TEXT NOT NULL DEFAULT '',
    fed TEXT NOT NULL DEFAULT '',
    output TEXT,
    checks TEXT NOT NULL DEFAULT '[]',
    error TEXT NOT NULL DEFAULT '',
    model_calls INTEGER NOT NULL DEFAULT 0,
    tool_calls INTEGER NOT NULL DEFAULT 0,
    tokens INTEGER NOT NULL DEFAULT 0,
    wall_seconds REAL NOT NULL DEFAULT 0,
    started_at TEXT,
    finished_at TEXT,
    UNIQUE (goal_id, number)
) STRICT;

CREATE INDEX tasks_ready ON tasks (goal_id, number) WHERE ready = 1;
CREATE INDEX tasks_put_off ON tasks (not_before) WHERE ready = 1;
CREATE INDEX tasks_claimed ON tasks (lease_until) WHERE status = 'in_progress';

-- One row for each time a task was begun, written before it began. Its id is the claim's fencing number.
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    under INTEGER NOT NULL,
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    outcome TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX attempts_by_task ON attempts (task_id);

-- One row for each call of a tool or a model: started before it is carried out, finished with its result.
CREATE TABLE steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    effect TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'started',
    runs INTEGER NOT NULL DEFAULT 0,
    attempt_id INTEGER NOT NULL,
    result TEXT,
    error TEXT NOT NULL DEFAULT '',
    tokens INTEGER NOT NULL DEFAULT 0,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    UNIQUE (task_id, digest, occurrence)
) STRICT;

-- What waits for a person's word, bound to one step and one run of it.
CREATE TABLE approvals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    goal_id INTEGER NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    step_digest TEXT NOT NULL,
    step_occurrence INTEGER NOT NULL,
    step_run INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tool TEXT NOT NULL,
    arguments TEXT NOT NULL,
    needs TEXT NOT NULL,
    known TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    decision TEXT NOT NULL DEFAULT '',
    decided_at TEXT,
    UNIQUE (task_id, step_digest, step_occurrence, step_run, kind)
) STRICT;

CREATE INDEX approvals_waiting ON approvals (expires_at) WHERE decision = '';
CREATE INDEX approvals_by_goal ON approvals (goal_id);

-- Append-only. The digest chains over the entry before; the text can be erased without breaking the chain.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    digest TEXT NOT NULL,
    text TEXT
) STRICT;

CREATE INDEX audit_with_text ON audit (at) WHERE text IS NOT NULL;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OF number, at, actor, action, subject, content_digest, digest ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

-- What holds for the whole engine: whether it is panicking, which folders the user named.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

"""Every statement the task engine runs on tasks.db."""
# ruff: noqa: S608 - statements are put together from the constants of this module alone

from __future__ import annotations

from senter.components.task_engine.journal.records import AttemptRecord, GoalRecord, StepRecord, TaskRecord, columns

# Goals.

GOAL_COLUMNS = columns(GoalRecord)
ENDED = "('completed', 'failed', 'cancelled', 'please_look')"
"""Senter does no more for such goals, as the indexes have it."""
ADD_GOAL = """
INSERT INTO goals (request_id, message_id, correlation_id, origin, text, priority, deadline, budget, preapproved_grant,
                   kind, acts, said, language, created_at)
VALUES (:request_id, :message_id, :correlation_id, :origin, :text, :priority, :deadline, :budget, :preapproved_grant,
        :kind, :acts, :said, :language, :created_at)
ON CONFLICT (request_id) DO NOTHING
RETURNING id
"""
GOAL = f"SELECT {GOAL_COLUMNS} FROM goals WHERE id = :goal_id"
GOAL_BY_REQUEST = f"SELECT {GOAL_COLUMNS} FROM goals WHERE request_id = :request_id"
GOAL_BY_MESSAGE = """
SELECT id FROM goals WHERE message_id = :id OR correlation_id = :id OR request_id = :id
UNION ALL SELECT goal_id FROM announced WHERE event_id = :id LIMIT 1
"""
GOALS = f"""
SELECT {GOAL_COLUMNS} FROM goals WHERE :include_finished OR status NOT IN ('completed', 'failed', 'cancelled')
ORDER BY status IN ('completed', 'failed', 'cancelled'), id DESC LIMIT :limit
"""
GOALS_TOTAL = """
SELECT count(*) FROM goals WHERE :include_finished OR status NOT IN ('completed', 'failed', 'cancelled')
"""
GOALS_TO_PLAN = f"""
SELECT {GOAL_COLUMNS} FROM goals
WHERE status IN ('pending', 'planning') AND status = 'pending' AND NOT paused
  AND (not_before <= :now OR not_before > :absurd)
ORDER BY priority DESC, coalesce(deadline, '9'), id LIMIT :limit
"""
BEGIN_PLANNING = """
UPDATE goals SET status = 'planning', plannings = plannings + 1, supervisor_pid = :supervisor_pid
WHERE id = :goal_id AND status = 'pending'
"""
PLANNED = """
UPDATE goals
SET status = 'in_progress', planned_by = :planned_by, plan_note = :note, focus = :focus, topic = :topic,
    planned_at = :now, error = '', missing = '', failures = 0, repeated_failures = 0, last_failure = ''
WHERE id = :goal_id AND status = 'planning'
"""
PLANNING_FAILED = """
UPDATE goals
SET status = :status, error = :error, failures = :failures, repeated_failures = :repeated_failures,
    last_failure = :last_failure, not_before = :not_before, finished_at = :finished_at
WHERE id = :goal_id AND status = 'planning'
"""
PLANNING_INTERRUPTED = "UPDATE goals SET status = 'pending' WHERE id = :goal_id AND status = 'planning'"
GOALS_BEING_PLANNED = (
    f"SELECT {GOAL_COLUMNS} FROM goals WHERE status IN ('pending', 'planning') AND status = 'planning'"
)
SET_GOAL_STATUS = f"""
UPDATE goals SET status = :status, executed = :executed, verified = :verified, error = :error
WHERE id = :goal_id AND status NOT IN {ENDED}
"""
SET_GOAL_ERROR = "UPDATE goals SET error = :error WHERE id = :goal_id"
END_GOAL = """
UPDATE goals
SET status = :status, error = :error, delivered = :delivered, results = :results, finished_at = :now
WHERE id = :goal_id AND status NOT IN ('completed', 'failed', 'cancelled')
"""
GOALS_TO_DELIVER = (
    f"SELECT {GOAL_COLUMNS} FROM goals WHERE status = 'in_progress' AND executed = 1 ORDER BY id LIMIT 50"
)
GOALS_OVERDUE = f"""
SELECT {GOAL_COLUMNS} FROM goals
WHERE status NOT IN {ENDED} AND deadline <= :now AND executed = 0 AND overdue = 0 LIMIT 50
"""
SAID_OVERDUE = "UPDATE goals SET overdue = 1 WHERE id = :goal_id"
MOVE_GOAL = "UPDATE goals SET deadline = :deadline, overdue = 0 WHERE id = :goal_id AND deadline IS NOT :deadline"
OPEN_OWN_GOALS = f"SELECT {GOAL_COLUMNS} FROM goals WHERE kind = 'own' AND status NOT IN {ENDED} ORDER BY id"
SET_PART_OF = "UPDATE goals SET part_of = :whole WHERE id = :goal_id"
PARTS = "SELECT id FROM goals WHERE part_of = :goal_id ORDER BY id"
PAUSE = "UPDATE goals SET paused = :paused WHERE id = :goal_id AND paused <> :paused"
RENAME_GOAL = """
UPDATE goals SET said = CASE said WHEN '' THEN text ELSE said END, text = :text
WHERE id = :goal_id AND text <> :text
"""
PRIORITISE = "UPDATE goals SET priority = :priority WHERE id = :goal_id AND priority <> :priority"
REOPEN_GOAL = """
UPDATE goals
SET status = :status, paused = 0, error = '', overdue = 0, missing = :missing, executed = 0, verified = 0,
    delivered = 0, finished_at = NULL, failures = 0, repeated_failures = 0, last_failure = '', not_before = '',
    deadline = :deadline
WHERE id = :goal_id
"""
SPEND_GOAL = """
UPDATE goals
SET model_calls = model_calls + :model_calls, tool_calls = tool_calls + :tool_calls, tokens = tokens + :tokens,
    wall_seconds = wall_seconds + :wall_seconds
WHERE id = :goal_id
"""
FORGET_GOALS = f"""
DELETE FROM goals WHERE id IN (
    SELECT id FROM goals WHERE status IN {ENDED} AND finished_at < :oldest LIMIT :limit
)
"""
GOAL_DONE_LAST = """
SELECT id FROM goals WHERE status IN ('completed', 'please_look') ORDER BY finished_at DESC, id DESC LIMIT 1
"""
OPEN_GOALS = f"SELECT count(*) FROM goals WHERE status NOT IN {ENDED}"
GOALS_BY_RESULT = f"SELECT {GOAL_COLUMNS} FROM goals WHERE instr(results, :path) ORDER BY id DESC LIMIT 20"

ADD_GRANT = "INSERT INTO grants (goal_id, content, given_by, given_at) VALUES (:goal_id, :content, :given_by, :now)"
GRANT = "SELECT content FROM grants WHERE goal_id = :goal_id ORDER BY id DESC LIMIT 1"
GRANT_OF_GOAL = "SELECT goal_id FROM grants WHERE id = :grant_id"
GRANTS = "SELECT id, content, given_by, given_at FROM grants WHERE goal_id = :goal_id ORDER BY id"

# Tasks.

TASK_COLUMNS = columns(TaskRecord)
ADD_TASK = """
INSERT INTO tasks (goal_id, number, planned, depends_on, optional, status, error)
VALUES (:goal_id, :number, :planned, :depends_on, :optional, :status, :error)
"""
TASK = f"SELECT {TASK_COLUMNS} FROM tasks WHERE id = :task_id"
TASKS = f"SELECT {TASK_COLUMNS} FROM tasks WHERE goal_id = :goal_id ORDER BY number"
DISPENSABLE = "(optional AND last_failure NOT LIKE 'budget_spent:%')"
"""No task that ended because its goal's budget is spent: the goal must end for that reason and for no other."""
TASK_STATES = f"""
SELECT number, status, depends_on, {DISPENSABLE} AS optional, error FROM tasks WHERE goal_id = :goal_id ORDER BY number
"""
NOT_CARRIED_OUT = f"""
SELECT count(*) FROM tasks WHERE goal_id = :goal_id AND NOT {DISPENSABLE} AND status <> 'completed'
AND NOT EXISTS (SELECT 1 FROM json_each(checks) WHERE json_extract(value, '$.held') = 0)
"""
"""What was done and then found wrong by a check was carried out."""
SET_READY = "UPDATE tasks SET ready = :ready WHERE goal_id = :goal_id AND number = :number AND ready <> :ready"
CANCEL_OPEN_TASKS = """
UPDATE tasks SET status = 'cancelled', ready = 0, error = :error, finished_at = :now
WHERE goal_id = :goal_id AND number = coalesce(:number, number) AND status NOT IN ('completed', 'failed', 'cancelled')
"""
OPEN_TASKS = f"""
SELECT {TASK_COLUMNS} FROM tasks WHERE goal_id = :goal_id AND status NOT IN ('completed', 'failed', 'cancelled')
"""
CANDIDATES = """
SELECT tasks.id AS task_id, tasks.goal_id, tasks.last_failure LIKE 'died%' AS suspect
FROM goals JOIN tasks ON tasks.goal_id = goals.id
WHERE goals.status = 'in_progress' AND goals.executed = 0 AND NOT goals.paused
  AND tasks.ready = 1 AND (tasks.not_before <= :now OR tasks.not_before > :absurd)
ORDER BY goals.priority DESC, coalesce(goals.deadline, '9'), goals.id, tasks.number LIMIT :limit
"""
CLAIM = """
UPDATE tasks
SET status = 'in_progress', ready = 0, fence = :fence, lease_until = :lease_until, attempts = attempts + 1,
    started_at = coalesce(started_at, :now), error = ''
WHERE id = :task_id AND status = 'pending' AND ready = 1
"""
RENEW = "UPDATE tasks SET lease_until = :lease_until WHERE id = :task_id AND fence = :fence AND status = 'in_progress'"
CLAIMED = f"SELECT {TASK_COLUMNS} FROM tasks WHERE status = 'in_progress'"
EXPIRED = f"SELECT {TASK_COLUMNS} FROM tasks WHERE status = 'in_progress' AND lease_until <= :now"
END_CLAIM = """
UPDATE tasks
SET status = :status, ready = 0, error = :error, not_before = :not_before, failures = :failures,
    repeated_failures = :repeated_failures, last_failure = :last_failure, wall_seconds = wall_seconds + :wall_seconds,
    output = :output, checks = :checks, finished_at = :finished_at
WHERE id = :task_id AND fence = :fence AND status = 'in_progress'
"""
SPEND_TASK = """
UPDATE tasks
SET model_calls = model_calls + :model_calls, tool_calls = tool_calls + :tool_calls, tokens = tokens + :tokens
WHERE id = :task_id AND fence = :fence AND status = 'in_progress'
"""
WAKE = "UPDATE tasks SET status = 'pending', error = '', not_before = '' WHERE id = :task_id AND status = 'waiting'"
FEED = """
UPDATE tasks SET status = 'pending', error = '', not_before = '', fed = :text, failures = 0, repeated_failures = 0,
                 last_failure = ''
WHERE id = :task_id AND status IN ('waiting', 'quarantined')
"""
END_FROM_OUTSIDE = """
UPDATE tasks SET status = :status, ready = 0, error = :error, output = :output, finished_at = :now
WHERE id = :task_id AND status IN ('pending', 'waiting', 'quarantined')
"""
REOPEN_TASKS = """
UPDATE tasks
SET status = CASE json_extract(planned, '$.work') WHEN 'person' THEN 'waiting' ELSE 'pending' END,
    error = CASE json_extract(planned, '$.work') WHEN 'person' THEN :yours ELSE '' END,
    failures = 0, repeated_failures = 0, last_failure = '', not_before = '', output = NULL, finished_at = NULL
WHERE goal_id = :goal_id AND (
    status IN ('failed', 'cancelled', 'quarantined')
    OR (status = 'completed' AND json_extract(planned, '$.work') = 'person' AND json_extract(output, '$.text') = :said)
)
"""
GO_ON_WITHOUT = "UPDATE tasks SET optional = 1 WHERE goal_id = :goal_id AND status = 'cancelled'"
OUTPUTS = "SELECT number, output FROM tasks WHERE goal_id = :goal_id AND output IS NOT NULL ORDER BY number"

# Attempts.

ADD_ATTEMPT = """
INSERT INTO attempts (task_id, number, supervisor_pid, begun_at)
SELECT :task_id, attempts + 1, :supervisor_pid, :now FROM tasks WHERE id = :task_id
RETURNING id
"""
END_ATTEMPT = """
UPDATE attempts SET ended_at = :now, outcome = :outcome, error = :error WHERE id = :fence AND outcome = ''
"""
ATTEMPT = f"SELECT {columns(AttemptRecord)} FROM attempts WHERE id = :fence"
ATTEMPTS = f"SELECT {columns(AttemptRecord)} FROM attempts WHERE task_id = :task_id ORDER BY id"

# Steps.

STEP_COLUMNS = columns(StepRecord)
STEP = f"""
SELECT {STEP_COLUMNS} FROM steps WHERE task_id = :task_id AND digest = :digest AND occurrence = :occurrence
"""
STEP_BY_ID = f"SELECT {STEP_COLUMNS} FROM steps WHERE id = :step_id AND kind = :kind"
STEPS = f"SELECT {STEP_COLUMNS} FROM steps WHERE task_id = :task_id ORDER BY id"
STEPS_IN_FLIGHT = f"SELECT {STEP_COLUMNS} FROM steps WHERE task_id = :task_id AND state = 'started' ORDER BY id"
START_STEP = """
INSERT INTO steps (task_id, digest, occurrence, kind, name, effect, idempotency_key, arguments, runs, attempt_id,
                   started_at, made)
VALUES (:task_id, :digest, :occurrence, :kind, :name, :effect, :key, :arguments, 1, :fence, :now, :makes)
ON CONFLICT (task_id, digest, occurrence) DO UPDATE
SET state = 'started', runs = runs + 1, attempt_id = :fence, error = '', started_at = :now,
    made = CASE WHEN state = 'started' THEN made ELSE :makes END
"""
FINISH_STEP = """
UPDATE steps SET state = 'finished', result = :result, tokens = :tokens, finished_at = :now, made = :made
WHERE task_id = :task_id AND digest = :digest AND occurrence = :occurrence AND state = 'started'
"""
MADE = """
SELECT DISTINCT each.value
FROM tasks
JOIN steps ON steps.task_id = tasks.id
JOIN json_each(steps.made) AS each ON each.type = 'object'
WHERE tasks.goal_id = :goal_id AND steps.made <> '[]' AND steps.state IN ('started', 'finished')
"""
END_STEP = """
UPDATE steps SET state = :state, error = :error, finished_at = :now
WHERE task_id = :task_id AND digest = :digest AND occurrence = :occurrence AND state = 'started'
"""

TAINT_STEP = """
UPDATE steps SET tainted = 1 WHERE task_id = :task_id AND digest = :digest AND occurrence = :occurrence
"""

# Approvals.

APPROVAL_COLUMNS = "id, goal_id, task_id, kind, tool, arguments, needs, known, asked_at, expires_at, decision"
ASK = """
INSERT INTO approvals (goal_id, task_id, step_digest, step_occurrence, step_run, kind, tool, arguments, needs, known,
                       asked_at, expires_at)
VALUES (:goal_id, :task_id, :digest, :occurrence, :run, :kind, :tool, :arguments, :needs, :known, :now, :expires_at)
ON CONFLICT DO NOTHING
RETURNING id
"""
APPROVAL = f"SELECT {APPROVAL_COLUMNS} FROM approvals WHERE id = :approval_id"
# The same call of the same task, asked about again while an earlier question was set aside.
ASKED_ANEW = """
SELECT later.id FROM approvals AS earlier
JOIN approvals AS later USING (task_id, step_digest, step_occurrence, kind)
WHERE earlier.id = :approval_id AND later.id > earlier.id AND later.decision = ''
ORDER BY later.id DESC LIMIT 1
"""
APPROVAL_OF = f"""
SELECT {APPROVAL_COLUMNS} FROM approvals
WHERE task_id = :task_id AND step_digest = :digest AND step_occurrence = :occurrence AND step_run = :run
  AND kind = :kind
"""
APPROVALS = f"""
SELECT {APPROVAL_COLUMNS} FROM approvals WHERE :include_decided OR decision = '' ORDER BY id DESC LIMIT :limit
"""
APPROVALS_OF_GOAL = f"SELECT {APPROVAL_COLUMNS} FROM approvals WHERE goal_id = :goal_id ORDER BY id"
FIRST_APPROVAL = f"SELECT {APPROVAL_COLUMNS} FROM approvals WHERE decision = '' ORDER BY id LIMIT 1"
APPROVALS_WAITING = "SELECT count(*) FROM approvals WHERE decision = ''"
# Those that a person set aside by trying again do not count.
REFUSED_OF_TASK = """
SELECT count(*) FROM approvals
WHERE task_id = :task_id AND kind = 'permission' AND decision IN ('denied', 'expired') AND step_run >= 0
"""
OPEN_APPROVAL_OF_TASK = "SELECT id FROM approvals WHERE task_id = :task_id AND decision = '' ORDER BY id LIMIT 1"
DECIDE = "UPDATE approvals SET decision = :decision, decided_at = :now WHERE id = :approval_id AND decision = ''"
EXPIRED_APPROVALS = f"SELECT {APPROVAL_COLUMNS} FROM approvals WHERE decision = '' AND expires_at <= :now LIMIT 100"
CLOSE_APPROVALS = """
UPDATE approvals SET decision = 'withdrawn', decided_at = :now
WHERE decision = '' AND goal_id = :goal_id AND task_id = coalesce(:task_id, task_id)
"""
# Stays on record, but is about no run of its step any more: below zero, and like no other.
SET_REFUSED_ASIDE = """
UPDATE approvals SET step_run = -id WHERE goal_id = :goal_id AND decision IN ('denied', 'expired', 'withdrawn')
"""

# Audit.

AUDIT_COLUMNS = "number, at, actor, action, subject, content_digest, digest, text"
AUDIT_BYTES = ", ".join(f"CAST({name} AS BLOB) AS {name}" for name in AUDIT_COLUMNS.split(", ")[1:])
LAST_AUDIT = "SELECT number, CAST(digest AS BLOB) AS digest FROM audit ORDER BY number DESC LIMIT 1"
ADD_AUDIT = f"""
INSERT INTO audit ({AUDIT_COLUMNS})
VALUES (:number, :at, :actor, :action, :subject, :content_digest, :digest, :text)
"""
AUDIT = f"SELECT number, {AUDIT_BYTES} FROM audit WHERE number > :after ORDER BY number LIMIT :limit"
OWED = (
    "SELECT 'goal_created' AS action, 'goal ' || id AS subject, 1 AS count FROM goals",
    """
    SELECT kind || '_returned' AS action, 'task ' || task_id AS subject, count(*) AS count FROM steps
    WHERE state = 'finished' GROUP BY kind, task_id
    """,
    "SELECT 'approval_asked' AS action, 'approval ' || id AS subject, 1 AS count FROM approvals",
    """
    SELECT 'approval_' || decision AS action, 'approval ' || id AS subject, 1 AS count FROM approvals
    WHERE decision IN ('approved', 'denied', 'expired')
    """,
)
"""The entries that the journal calls for: action, subject, how many."""
ERASE_AUDIT_TEXTS = "UPDATE audit SET text = NULL WHERE at < :oldest AND text IS NOT NULL"

# What was announced.

WAS_ANNOUNCED = "SELECT 1 FROM announced WHERE event_id = :event_id"
ADD_ANNOUNCED = "INSERT INTO announced (event_id, goal_id) VALUES (:event_id, :goal_id)"

# Time alone: a deadline passes, planning or a task that was put off is due, a lease runs out, an approval expires.
NEXT_MOMENT = f"""
SELECT min(moment) FROM (
    SELECT min(deadline) AS moment FROM goals
    WHERE status NOT IN {ENDED} AND executed = 0 AND overdue = 0
    UNION ALL SELECT min(not_before) FROM goals
    WHERE status IN ('pending', 'planning') AND status = 'pending' AND NOT paused AND not_before > :now
    UNION ALL SELECT min(not_before) FROM tasks WHERE ready = 1 AND not_before > :now
    UNION ALL SELECT min(lease_until) FROM tasks
    WHERE status = 'in_progress' AND fence NOT IN (SELECT value FROM json_each(:running))
    UNION ALL SELECT min(expires_at) FROM approvals WHERE decision = ''
)
"""

# What was done, and what takes it back.

ADD_ACTION = """
INSERT INTO actions (at, goal_id, event_id, receipts, inverse, undoes)
VALUES (:at, :goal_id, :event_id, :receipts, :inverse, (SELECT count(*) FROM actions WHERE undone_by = :goal_id))
ON CONFLICT (event_id) DO NOTHING
"""
UNDOING_ACTION = "SELECT receipts, inverse FROM actions WHERE goal_id = :goal_id AND undoes > 0"
EXTEND_ACTION = "UPDATE actions SET receipts = :receipts, inverse = :inverse WHERE goal_id = :goal_id AND undoes > 0"
ACTION_COLUMNS = """
actions.number, actions.at, actions.goal_id, actions.receipts, actions.inverse, actions.undone_by, actions.undoes,
(SELECT correlation_id FROM goals AS made WHERE made.id = actions.goal_id) AS request,
goals.status AS undo_status, goals.error AS undo_error,
(SELECT receipts FROM actions AS undoing WHERE undoing.goal_id = actions.undone_by AND undoing.undoes > 0)
    AS undo_receipts
"""
ACTIONS = f"SELECT {ACTION_COLUMNS} FROM actions LEFT JOIN goals ON goals.id = actions.undone_by"
ACTIONS_SINCE = f"{ACTIONS} WHERE actions.at >= :oldest ORDER BY actions.number DESC LIMIT 1000"
ACTION = f"{ACTIONS} WHERE actions.number = :number"
RECEIPTS_OF_GOAL = "SELECT receipts FROM actions WHERE goal_id = :goal_id ORDER BY number LIMIT 100"
MARK_UNDONE = "UPDATE actions SET undone_by = :goal_id WHERE number = :number"
FORGET_ACTIONS = "DELETE FROM actions WHERE goal_id IS NULL AND at < :oldest"

# Facts about the engine.

FACT = "SELECT value FROM facts WHERE name = :name"
SET_FACT = "INSERT INTO facts (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value"

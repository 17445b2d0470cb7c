"""The SQL of schedule.db."""

from __future__ import annotations

JOB_COLUMNS = """
id, name, job_type, component, trigger_type, trigger_config, payload, enabled, misfire, grace_seconds, overlap,
only_when_idle, daily_limit, built_in, last_run, next_run, held_run, run_count, run_event, run_began, created_at,
preapproved_grant, change_request, before, told_due, told_at, snoozed_until
"""
OVER = """
trigger_type <> 'event' AND next_run IS NULL AND held_run IS NULL AND told_at IS NULL AND run_event IS NULL
"""
"""As the index `jobs_over` has it, which is used only for these very words."""

ADD = """
INSERT INTO jobs (request_id, name, job_type, component, trigger_type, trigger_config, payload, misfire, grace_seconds,
    overlap, only_when_idle, daily_limit, built_in, next_run, created_at, preapproved_grant)
VALUES (:request_id, :name, :job_type, :component, :trigger_type, :trigger_config, :payload, :misfire, :grace_seconds,
    :overlap, :only_when_idle, :daily_limit, :built_in, :next_run, :created_at, :preapproved_grant)
"""
COUNT = "SELECT count(*) FROM jobs"
BY_ID = f"SELECT {JOB_COLUMNS} FROM jobs WHERE id = ?"  # noqa: S608 - a list of columns
BY_NAME = f"SELECT {JOB_COLUMNS} FROM jobs WHERE name = ?"  # noqa: S608
BY_REQUEST = f"SELECT {JOB_COLUMNS} FROM jobs WHERE request_id = ?"  # noqa: S608
OF_KIND = """
(:kind = '' OR (job_type = 'custom' AND json_extract(payload, '$.reminder') IS NOT NULL
    AND (:kind = 'reminder' OR json_extract(payload, '$.timer') IS NOT NULL)))
"""
LIST_TOLD = f"""
SELECT {JOB_COLUMNS} FROM jobs WHERE told_at IS NOT NULL AND {OF_KIND} ORDER BY told_at DESC, id LIMIT :limit
"""  # noqa: S608
LIST_DUE = f"""
SELECT {JOB_COLUMNS} FROM jobs WHERE next_run IS NOT NULL AND told_at IS NULL AND {OF_KIND}
ORDER BY next_run, id LIMIT :limit
"""  # noqa: S608
LIST_OTHERS = f"""
SELECT {JOB_COLUMNS} FROM jobs
WHERE next_run IS NULL AND told_at IS NULL AND {OF_KIND} AND (:over OR NOT ({OVER}))
ORDER BY id DESC LIMIT :limit
"""  # noqa: S608
COUNT_OVER = f"SELECT count(*) FROM jobs WHERE {OVER}"  # noqa: S608
COUNT_OF_KIND = f"SELECT count(*) FROM jobs WHERE {OF_KIND} AND (:over OR NOT ({OVER}))"  # noqa: S608
ON_EVENTS = f"SELECT {JOB_COLUMNS} FROM jobs WHERE trigger_type = 'event' AND enabled = 1 ORDER BY id"  # noqa: S608
BY_CLOCK_AFTER = f"""
SELECT {JOB_COLUMNS} FROM jobs
WHERE id > :after AND enabled = 1 AND trigger_type <> 'once' AND next_run IS NOT NULL
ORDER BY id LIMIT 50
"""  # noqa: S608
REMOVE = "DELETE FROM jobs WHERE id = ?"
CHANGE = """
UPDATE jobs SET name = :name, payload = :payload, trigger_type = :trigger_type, trigger_config = :trigger_config,
    enabled = :enabled, next_run = :next_run, held_run = :held_run, change_request = :change_request, before = :before
WHERE id = :id
"""
NOTE_CHANGE = "UPDATE jobs SET change_request = :change_request, before = :before WHERE id = :id"
CHANGED_BY_REQUEST = f"SELECT {JOB_COLUMNS} FROM jobs WHERE change_request = ?"  # noqa: S608
ALIKE = f"""
SELECT {JOB_COLUMNS} FROM jobs
WHERE job_type = :job_type AND payload = :payload AND trigger_type = :trigger_type AND trigger_config = :trigger_config
    AND enabled = 1 AND created_at > :since
ORDER BY id LIMIT 1
"""  # noqa: S608
RESTORABLE = """
id, request_id, name, job_type, component, trigger_type, trigger_config, payload, enabled, misfire, grace_seconds,
overlap, only_when_idle, daily_limit, last_run, run_count, created_at, preapproved_grant, told_due, told_at,
snoozed_until
"""
KEEP_REMOVED = f"""
INSERT OR REPLACE INTO removed_jobs ({RESTORABLE}, change_request, before, removed_at)
SELECT {RESTORABLE}, :change_request, :before, :now FROM jobs WHERE id = :id
"""  # noqa: S608
REMOVED = "SELECT before FROM removed_jobs WHERE id = ?"
REMOVED_BY_REQUEST = "SELECT before FROM removed_jobs WHERE change_request = ?"
NAME_TAKEN = """
SELECT 1 FROM removed_jobs JOIN jobs ON jobs.name = removed_jobs.name OR jobs.request_id = removed_jobs.request_id
WHERE removed_jobs.id = :id
"""
RESTORE = f"INSERT INTO jobs ({RESTORABLE}) SELECT {RESTORABLE} FROM removed_jobs WHERE id = ?"  # noqa: S608
DROP_REMOVED = "DELETE FROM removed_jobs WHERE id = ?"
FORGET_REMOVED = "DELETE FROM removed_jobs WHERE removed_at < ?"
FORGET_OVER = f"""
DELETE FROM jobs WHERE id IN (
    SELECT id FROM jobs WHERE {OVER} AND built_in = 0
    AND coalesce(last_run, json_extract(trigger_config, '$.at'), created_at) < ? ORDER BY id LIMIT 1000)
"""  # noqa: S608
SET_ENABLED = "UPDATE jobs SET enabled = :enabled, next_run = :next_run, held_run = :held_run WHERE id = :id"
SET_NEXT = "UPDATE jobs SET next_run = :next_run WHERE id = :id"
SET_TRIGGER = "UPDATE jobs SET trigger_config = :trigger_config, next_run = :next_run WHERE id = :id"

NEXT_DUE = """
SELECT min(at) FROM (
    SELECT min(next_run) AS at FROM jobs WHERE next_run IS NOT NULL
    UNION ALL SELECT min(snoozed_until) FROM jobs WHERE snoozed_until IS NOT NULL)
"""
DUE = f"SELECT {JOB_COLUMNS} FROM jobs WHERE next_run <= :now ORDER BY next_run, id LIMIT :limit"  # noqa: S608
SNOOZED_DUE = f"""
SELECT {JOB_COLUMNS} FROM jobs WHERE snoozed_until <= :now AND (next_run IS NULL OR next_run > :now)
ORDER BY snoozed_until, id LIMIT :limit
"""  # noqa: S608

CALL = """
INSERT INTO calls (job_id, due_at, request_id, chain, reason) VALUES (:job_id, :due_at, :request_id, :chain, :reason)
"""
CALLS = "SELECT number, job_id, due_at, request_id, chain, reason FROM calls ORDER BY number LIMIT :limit"
CALLS_WAITING = "SELECT number, job_id, due_at, request_id, chain, reason FROM calls WHERE job_id = ? ORDER BY number"
CALLS_OF_JOB = "SELECT count(*) FROM calls WHERE job_id = ?"
LATEST_CALL = "SELECT max(due_at) FROM calls WHERE job_id = ?"
CALLED = "SELECT job_id FROM calls WHERE request_id = :id UNION ALL SELECT job_id FROM firings WHERE request_id = :id"
DROP_CALL = "DELETE FROM calls WHERE number = ?"

RECORD = """
INSERT INTO firings (job_id, job_name, due_at, at, outcome, reason, event_id, chain, request_id)
VALUES (:job_id, :job_name, :due_at, :at, :outcome, :reason, :event_id, :chain, :request_id)
"""
HAS_FIRED = "SELECT 1 FROM firings WHERE job_id = ? AND due_at = ? AND outcome = 'fired'"
FIRED_SINCE = "SELECT count(*) FROM firings WHERE job_id = ? AND at >= ? AND outcome = 'fired' AND request_id IS NULL"
SET_OFF = """
UPDATE jobs SET last_run = :at, run_count = run_count + 1, run_event = :run_event, run_began = :run_began
WHERE id = :id
"""
TOLD = """
UPDATE jobs SET told_due = :due, told_at = :at,
    snoozed_until = CASE WHEN snoozed_until <= :at THEN NULL ELSE snoozed_until END
WHERE id = :id
"""
TOLD_AGAIN = "UPDATE jobs SET told_at = :at, snoozed_until = NULL WHERE id = :id"
SET_TOLD = """
UPDATE jobs SET told_due = :told_due, told_at = :told_at, snoozed_until = :snoozed_until WHERE id = :id
"""
GIVE_UP_WAITING = """
UPDATE jobs SET told_due = NULL, told_at = NULL WHERE told_at < ? AND snoozed_until IS NULL
"""
FIRING_COLUMNS = "number, job_id, job_name AS job, due_at, at, outcome, reason, ended_at, status"
HISTORY = f"SELECT {FIRING_COLUMNS} FROM firings ORDER BY number DESC LIMIT :limit"  # noqa: S608
HISTORY_OF_JOB = f"""
SELECT {FIRING_COLUMNS} FROM firings
WHERE job_id = :job_id ORDER BY number DESC LIMIT :limit
"""  # noqa: S608
FIRING_OF_REQUEST = f"SELECT {FIRING_COLUMNS} FROM firings WHERE request_id = ?"  # noqa: S608
PAST_BY_NAME = "SELECT job_id FROM firings WHERE job_name = ? COLLATE NOCASE ORDER BY number DESC LIMIT 1"
PAST_BY_ID = "SELECT job_id FROM firings WHERE job_id = ? LIMIT 1"
LAST_DECIDED = "SELECT at FROM firings ORDER BY number DESC LIMIT 1"
FORGET_OLD = "DELETE FROM firings WHERE number IN (SELECT number FROM firings WHERE at < ? ORDER BY number LIMIT 1000)"
FORGET_MANY = """
DELETE FROM firings WHERE number IN (
    SELECT number FROM firings WHERE number <= (SELECT max(number) FROM firings) - ? ORDER BY number LIMIT 1000)
"""

ORIGIN = "SELECT outcome, chain FROM firings WHERE event_id = ?"
END_FIRING = "UPDATE firings SET ended_at = :now, status = :status WHERE event_id = :event_id AND ended_at IS NULL"
END_RUN = """
UPDATE jobs SET run_event = NULL, run_began = NULL,
    next_run = CASE WHEN enabled = 1 THEN coalesce(held_run, next_run) ELSE next_run END,
    held_run = CASE WHEN enabled = 1 THEN NULL ELSE held_run END
WHERE run_event = ?
"""
LONG_RUNS = "SELECT run_event FROM jobs WHERE run_event IS NOT NULL AND run_began < ? LIMIT 1000"

FACT = "SELECT value FROM facts WHERE name = ?"
SET_FACT = "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

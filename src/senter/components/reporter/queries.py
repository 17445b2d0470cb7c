"""Every statement on activity.db."""

from __future__ import annotations

ADD_ACTIVITY = "INSERT INTO activities (happened_at, kind, summary, details, importance) VALUES (?, ?, ?, ?, ?)"
ACTIVITY_COLUMNS = "id, happened_at AS at, kind AS type, summary, details, importance"
NEWEST_SINCE = f"""
SELECT {ACTIVITY_COLUMNS} FROM activities WHERE happened_at >= ? ORDER BY happened_at DESC, id DESC LIMIT ?
"""  # noqa: S608
BY_KIND = "SELECT kind, count(*) FROM activities WHERE happened_at >= ? AND happened_at < ? GROUP BY kind"
OF_DAY = f"""
SELECT {ACTIVITY_COLUMNS} FROM activities
WHERE happened_at >= :begin AND happened_at < :end AND (happened_at, id) > (:after_time, :after_id)
ORDER BY happened_at, id LIMIT :limit
"""  # noqa: S608
NEWEST_ID = "SELECT coalesce(max(id), 0) FROM activities"
OLDEST_ID = "SELECT coalesce(min(id), 1) FROM activities"
LAST_AFTER = f"""
SELECT * FROM (
    SELECT {ACTIVITY_COLUMNS} FROM activities WHERE id > ? AND id <= ?
    ORDER BY kind IN ('plan_created', 'task_completed', 'research_complete', 'job_skipped'), id DESC LIMIT ?
) ORDER BY id DESC
"""  # noqa: S608
"""The newest of what says something to a person; steps on the way to it where there is nothing else."""
GOAL_NUMBER = "CAST(coalesce(json_extract(details, '$.goal_id'), 0) AS INTEGER)"
GOALS_ENDED = f"""
SELECT {GOAL_NUMBER} AS number,
       CAST(coalesce(json_extract(details, '$.description'), summary) AS TEXT) AS what,
       CAST(coalesce(json_extract(details, '$.status'), 'completed') AS TEXT) AS status,
       CAST(coalesce(json_extract(details, '$.done'), '') AS TEXT) AS done,
       CAST(coalesce(json_extract(details, '$.found'), '') AS TEXT) AS found,
       CAST(coalesce(json_extract(details, '$.only_set'), 0) AS INTEGER) AS only_set,
       CAST(coalesce(json_extract(details, '$.own'), 0) AS INTEGER) AS own,
       CAST(coalesce(json_extract(details, '$.each'), '[]') AS TEXT) AS each
FROM (
    SELECT id, happened_at, details, summary FROM activities
    WHERE happened_at >= ? AND happened_at < ? AND kind = 'goal_completed' ORDER BY happened_at DESC, id DESC LIMIT ?
) ORDER BY happened_at, id
"""  # noqa: S608
FOUND_BEFORE = """
SELECT CAST(coalesce(json_extract(details, '$.description'), summary) AS TEXT) AS what,
       CAST(coalesce(json_extract(details, '$.found'), '') AS TEXT) AS found
FROM activities WHERE happened_at >= ? AND happened_at < ? AND kind = 'goal_completed'
ORDER BY happened_at DESC LIMIT ?
"""
REASONS = f"""
SELECT {GOAL_NUMBER} AS number, CAST(coalesce(json_extract(details, '$.error'), '') AS TEXT) AS error
FROM activities WHERE happened_at >= ? AND happened_at < ? AND kind = 'task_failed' ORDER BY happened_at, id LIMIT ?
"""  # noqa: S608
SKIPPED = """
SELECT CAST(coalesce(json_extract(details, '$.job'), '') AS TEXT) AS job,
       CAST(coalesce(json_extract(details, '$.reason'), '') AS TEXT) AS reason
FROM activities WHERE happened_at >= ? AND happened_at < ? AND kind = 'job_skipped' ORDER BY happened_at, id LIMIT ?
"""
SUMMARIES = """
SELECT summary FROM activities WHERE happened_at >= ? AND happened_at < ? AND kind = ? ORDER BY happened_at, id LIMIT ?
"""
# The newest stays, so that no number is given twice.
FORGET_ACTIVITIES = """
DELETE FROM activities WHERE id IN (
    SELECT id FROM activities WHERE happened_at < ? AND id < (SELECT max(id) FROM activities)
    ORDER BY happened_at LIMIT ?
)
"""
# The hours, because where a day ends depends on where one is.
HOURS_AFTER = "SELECT DISTINCT substr(happened_at, 1, 13) FROM activities WHERE id > ? AND id <= ?"

LAST_VISIT = "SELECT id, visited_at, activity_id FROM visits ORDER BY id DESC LIMIT 1"
ADD_VISIT = "INSERT INTO visits (visited_at, activity_id, written) VALUES (?, ?, ?)"
VISITED_AGAIN = "UPDATE visits SET visited_at = ? WHERE id = ?"
VISITS_TO_WRITE = """
SELECT id AS visit_id, visited_at AS until, activity_id AS until_id,
       coalesce((SELECT activity_id FROM visits AS earlier WHERE earlier.id < visits.id ORDER BY id DESC LIMIT 1), 0)
       AS after_id,
       (SELECT visited_at FROM visits AS earlier WHERE earlier.id < visits.id ORDER BY id DESC LIMIT 1) AS since
FROM visits WHERE written = 0 ORDER BY id
"""
VISIT_WRITTEN = "UPDATE visits SET written = 1 WHERE id = ?"
FORGET_VISITS = "DELETE FROM visits WHERE visited_at < ? AND id < (SELECT max(id) FROM visits)"

ASK_FOR_DIGEST = """
INSERT OR IGNORE INTO digests (key, day, job, due_at, by_hand, correlation_id)
SELECT :key, :day, :job, :due_at, :by_hand, :correlation_id WHERE NOT :by_hand OR NOT EXISTS (
    SELECT 1 FROM digests WHERE job = :job AND by_hand AND due_at > :a_minute_before AND due_at < :a_minute_after
)
"""
"""The day's once for each day; of those a person had made one, where a job runs twice within a minute."""
DIGEST_TO_MAKE = """
SELECT key, day, due_at, by_hand, correlation_id AS cause FROM digests WHERE made_at IS NULL ORDER BY due_at LIMIT 1
"""
LAST_DAILY = "SELECT max(due_at) FROM digests WHERE NOT by_hand AND made_at IS NOT NULL AND due_at < ?"
KEPT_DIGEST = "SELECT content FROM digests WHERE key = ? AND made_at IS NOT NULL"
DIGEST_MADE = "UPDATE digests SET content = ?, made_at = ? WHERE key = ? AND made_at IS NULL"
FORGET_DIGESTS = "DELETE FROM digests WHERE made_at < ?"

ADD_NOTIFICATION = """
INSERT OR IGNORE INTO notifications (origin, created_at, importance, title, body, correlation_id)
VALUES (?, ?, ?, ?, ?, ?)
"""
NOTIFICATION_OF = "SELECT id FROM notifications WHERE origin = ?"
CAUSE_OF = "SELECT correlation_id FROM notifications WHERE id = ?"
ADD_DELIVERY = "INSERT INTO deliveries (notification_id, target, shown, state, next_at) VALUES (?, ?, ?, 'pending', ?)"
PENDING = "SELECT count(*) FROM deliveries WHERE target = ? AND state = 'pending'"
NEXT_DELIVERY = """
SELECT notifications.id, origin, title, body, attempts, first_tried_at FROM deliveries
JOIN notifications ON notifications.id = deliveries.notification_id
WHERE target = :target AND state = 'pending' AND next_at <= :now AND (:all OR importance = 'critical')
ORDER BY next_at, notifications.id LIMIT 1
"""
NEXT_AT = "SELECT coalesce(min(next_at), '') FROM deliveries WHERE target = ? AND state = 'pending'"
BEGIN_SENDING = """
UPDATE deliveries SET state = 'sending', attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, ?)
WHERE notification_id = ? AND target = ?
"""
TRY_LATER = """
UPDATE deliveries SET state = 'pending', error = :error, next_at = :next_at,
       attempts = :attempts, first_tried_at = coalesce(first_tried_at, :now)
WHERE notification_id = :id AND target = :target
"""
END_DELIVERY = "UPDATE deliveries SET state = ?, error = ? WHERE notification_id = ? AND target = ?"
ON_THEIR_WAY = """
SELECT notification_id AS id, origin, target, deliveries.shown FROM deliveries
JOIN notifications ON notifications.id = notification_id
"""
CUT_OFF = f"{ON_THEIR_WAY} WHERE state = 'sending'"
WAITING = f"{ON_THEIR_WAY} WHERE state = 'pending'"
OF_OTHER_TARGETS = f"{WAITING} AND target NOT IN (SELECT value FROM json_each(?))"  # noqa: S608
NOTIFICATION_COLUMNS = "id, created_at AS at, importance, title, body"
NOTIFICATIONS = f"SELECT {NOTIFICATION_COLUMNS} FROM notifications ORDER BY id DESC LIMIT ?"  # noqa: S608
# What reached no target at all, and waits for none.
KEPT = f"""
SELECT {NOTIFICATION_COLUMNS} FROM notifications
WHERE shown = 0 AND NOT EXISTS (
    SELECT 1 FROM deliveries WHERE notification_id = notifications.id AND state IN ('sent', 'pending', 'sending')
) ORDER BY id DESC LIMIT ?
"""  # noqa: S608
SHOWN = "UPDATE notifications SET shown = 1 WHERE id = ?"
DELIVERIES_OF = """
SELECT shown AS target, state, attempts, CASE WHEN state = 'pending' THEN next_at END AS next_at, error
FROM deliveries WHERE notification_id = ?
"""
FORGET_NOTIFICATIONS = "DELETE FROM notifications WHERE created_at < ?"

SAID = "SELECT value FROM said WHERE name = ?"
SAY = "INSERT INTO said (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

ADD_HEAD = "INSERT OR IGNORE INTO audit_heads (number, digest, noted_at) VALUES (?, ?, ?)"
FORGET_FOLLOWED = "DELETE FROM audit_heads WHERE digest = ? AND number < ? AND substr(noted_at, 1, 10) = ?"
FORGET_HEADS = "DELETE FROM audit_heads WHERE noted_at < ? AND noted_at < (SELECT max(noted_at) FROM audit_heads)"
NEWEST_HEAD = "SELECT number || ':' || digest FROM audit_heads ORDER BY noted_at DESC, number DESC LIMIT 1"
HEADS = "SELECT number, digest, noted_at FROM audit_heads ORDER BY noted_at DESC, number DESC LIMIT 2000"

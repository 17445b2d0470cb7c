"""Every statement the assistant runs on conversations.db."""

from __future__ import annotations

ADD_CONVERSATION = """
INSERT INTO conversations (id, title, focus, created_at, updated_at) VALUES (:id, :title, :focus, :now, :now)
"""
TOUCH_CONVERSATION = "UPDATE conversations SET updated_at = :now WHERE id = :id"
DELETE_CONVERSATION = "DELETE FROM conversations WHERE id = :id"
# Ids are hexadecimal, so that '~' comes after every continuation of a beginning.
IDS_BEGINNING_WITH = "SELECT id FROM conversations WHERE id >= :start AND id < :start || '~' ORDER BY id LIMIT 2"

SUMMARY_COLUMNS = """
id, title, focus, (SELECT count(*) FROM turns WHERE conversation_id = conversations.id) AS turns, created_at, updated_at
"""
SUMMARY = f"SELECT {SUMMARY_COLUMNS} FROM conversations WHERE id = :id"  # noqa: S608
SUMMARIES = f"SELECT {SUMMARY_COLUMNS} FROM conversations ORDER BY updated_at DESC, id LIMIT :limit"  # noqa: S608

OLDEST_CONVERSATIONS = "SELECT id FROM conversations ORDER BY updated_at LIMIT :limit"
UNCHANGED_SINCE = "SELECT id FROM conversations WHERE updated_at < :oldest ORDER BY updated_at LIMIT :limit"

ADD_TURN = """
INSERT INTO turns (query_id, conversation_id, focus, asked_at, text, state)
VALUES (:query_id, :conversation_id, :focus, :now, :text, 'answering')
"""
REOPEN_TURN = """
UPDATE turns SET state = 'answering', response = '', error = '', attempts = attempts + 1
WHERE query_id = :query_id AND state <> 'answered'
"""
KEEP_PARTIAL = """
UPDATE turns SET response = :response, attempts = :attempts WHERE query_id = :query_id AND state = 'answering'
"""
ANSWER_TURN = """
UPDATE turns
SET state = 'answered', response = :response, model = :model, tokens = :tokens, latency_seconds = :latency_seconds,
    degraded = :degraded, degraded_reason = :degraded_reason, cut_off = :cut_off
WHERE query_id = :query_id AND state = 'answering'
"""
END_TURN = """
UPDATE turns SET state = :state, error = :error, response = :response
WHERE query_id = :query_id AND state = 'answering'
"""
INTERRUPT_ALL = "UPDATE turns SET state = 'interrupted', error = :error WHERE state = 'answering'"

TURN_COLUMNS = """
sequence, query_id, conversation_id, focus, asked_at, text, state, response, error, model, tokens, latency_seconds,
degraded, degraded_reason, attempts, cut_off
"""
TURN = f"SELECT {TURN_COLUMNS} FROM turns WHERE query_id = :query_id"  # noqa: S608
TURNS_BEFORE = f"""
SELECT {TURN_COLUMNS} FROM turns
WHERE conversation_id = :conversation_id AND sequence < :sequence ORDER BY sequence DESC LIMIT :limit
"""  # noqa: S608
EXCHANGES_BEFORE = """
SELECT text AS question, response AS answer FROM turns
WHERE conversation_id = :conversation_id AND sequence < :sequence AND state = 'answered'
ORDER BY sequence DESC LIMIT :limit
"""

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
INSERT INTO turns (query_id, conversation_id, focus, asked_at, text, state, posted)
VALUES (:query_id, :conversation_id, :focus, :now, :text, 'answering', :posted)
"""
REOPEN_TURN = """
UPDATE turns
SET state = 'answering', response = '', error = '', error_code = '', error_hint = '', attempts = attempts + 1
WHERE query_id = :query_id AND state <> 'answered'
"""
KEEP_PARTIAL = """
UPDATE turns SET response = :response, attempts = :attempts WHERE query_id = :query_id AND state = 'answering'
"""
ANSWER_TURN = """
UPDATE turns
SET state = 'answered', response = :response, model = :model, tokens = :tokens, latency_seconds = :latency_seconds,
    degraded = :degraded, degraded_reason = :degraded_reason, cut_off = :cut_off, focus = :focus,
    receipts = :receipts, sources = :sources, asks = :asks
WHERE query_id = :query_id AND state = 'answering'
"""
END_TURN = """
UPDATE turns
SET state = :state, error = :error, error_code = :error_code, error_hint = :error_hint, response = :response
WHERE query_id = :query_id AND state = 'answering'
"""
INTERRUPT_ALL = """
UPDATE turns SET state = 'interrupted', error = :error, error_code = :error_code
WHERE state = 'answering' AND ((posted = 0 AND origin = '') OR taken_up >= :most)
"""
POST_TURN = "UPDATE turns SET posted = 1 WHERE query_id = :query_id"
TAKE_UP_ALL = """
UPDATE turns SET response = '', attempts = attempts + 1, taken_up = taken_up + 1 WHERE state = 'answering'
"""
SET_DOWN = """
UPDATE turns SET response = :response, attempts = :attempts, taken_up = 0
WHERE query_id = :query_id AND state = 'answering'
"""
MARK_READ = "UPDATE turns SET read = 1 WHERE query_id = :query_id AND state <> 'answering'"

TURN_COLUMNS = """
sequence, query_id, conversation_id, focus, asked_at, text, state, response, error, model, tokens, latency_seconds,
degraded, degraded_reason, attempts, cut_off, posted, read, error_code, error_hint, understood, origin, receipts,
sources, asks, orders
"""
TURN = f"SELECT {TURN_COLUMNS} FROM turns WHERE query_id = :query_id"  # noqa: S608
TURNS_BEFORE = f"""
SELECT {TURN_COLUMNS} FROM turns
WHERE conversation_id = :conversation_id AND sequence < :sequence ORDER BY sequence DESC LIMIT :limit
"""  # noqa: S608
TURNS_A_MOMENT_BEFORE = f"""
SELECT {TURN_COLUMNS} FROM turns
WHERE sequence < :sequence AND asked_at >= :since ORDER BY sequence DESC LIMIT :limit
"""  # noqa: S608
TURNS_BEING_ANSWERED = f"SELECT {TURN_COLUMNS} FROM turns WHERE state = 'answering' ORDER BY sequence"  # noqa: S608
TURN_IDS_BEGINNING_WITH = """
SELECT query_id FROM turns WHERE query_id >= :start AND query_id < :start || '~' ORDER BY query_id LIMIT 2
"""
# What was stopped by a person is read by nobody.
POSTED_TURNS = """
SELECT query_id AS id, conversation_id, asked_at, substr(text, 1, :characters) AS text, state, read FROM turns
WHERE posted = 1 AND (:state IS NULL OR state = :state) AND NOT (:unread AND (read OR state = 'cancelled'))
ORDER BY sequence DESC LIMIT :limit
"""
COUNT_EXCHANGES_BEFORE = """
SELECT count(*) FROM turns
WHERE conversation_id = :conversation_id AND sequence < :sequence AND state = 'answered'
"""
EXCHANGES_BEFORE = """
SELECT text AS question, response AS answer FROM turns
WHERE conversation_id = :conversation_id AND sequence < :sequence AND state = 'answered'
ORDER BY sequence DESC LIMIT :limit
"""

KEEP_UNDERSTOOD = """
UPDATE turns SET understood = :understood, origin = :origin, orders = :orders
WHERE query_id = :query_id AND state = 'answering'
"""
KEEP_RECEIPTS = "UPDATE turns SET receipts = :receipts WHERE query_id = :query_id AND state = 'answering'"
# A text that somebody else may have written, or an answer that quotes: what is told of what was done is Senter's own.
TEXT_OF_OTHERS_BEFORE = """
SELECT 1 FROM turns
WHERE conversation_id = :conversation_id AND sequence < :sequence AND state = 'answered' AND (
    instr(text, char(10)) > 0 OR length(text) > :longest OR sources <> '[]'
    OR (model = :rules AND receipts = '[]' AND asks = 'null')
) LIMIT 1
"""
# One at most: what was done in between makes the same sentence a new one.
ACTED_BEFORE = f"""
SELECT {TURN_COLUMNS} FROM turns
WHERE origin <> '' AND sequence < :sequence AND asked_at >= :since ORDER BY sequence DESC LIMIT 1
"""  # noqa: S608

# What is being answered now is the question itself.
SAID = """
SELECT turns.conversation_id, turns.asked_at, turns.text FROM said JOIN turns ON turns.sequence = said.rowid
WHERE said MATCH :expression AND turns.state <> 'answering' AND NOT EXISTS (
    SELECT 1 FROM json_each(turns.receipts) WHERE json_extract(value, '$.kind') = 'note')
ORDER BY said.rank LIMIT :limit
"""
FORGET_SAID = "INSERT INTO said (said) VALUES ('optimize')"

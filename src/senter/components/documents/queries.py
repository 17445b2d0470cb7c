"""Every statement on the index. The words are stored once, compressed, beside what FTS5 needs to find them."""

from __future__ import annotations

import os
from pathlib import Path

# Of the schema below; an index of another version is made anew.
INDEX_VERSION = 4

TOKENIZE = "porter unicode61 remove_diacritics 2"

SCHEMA = """
BEGIN;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    title TEXT NOT NULL,
    text_bytes INTEGER NOT NULL,
    skipped TEXT NOT NULL,
    UNIQUE (directory, name)
) STRICT;

CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL,
    body BLOB NOT NULL,
    place TEXT NOT NULL
) STRICT;

CREATE INDEX passages_of_document ON passages (document_id);

CREATE VIEW passage_words AS
SELECT passages.id AS id, spaced(documents.title) AS title,
       called(documents.directory, documents.name) AS name, spaced(inflate(passages.body)) AS text
FROM passages JOIN documents ON documents.id = passages.document_id;

CREATE VIRTUAL TABLE words USING fts5(
    title, name, text,
    content = 'passage_words', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);

INSERT INTO words (words, rank) VALUES ('rank', 'bm25(4.0, 2.0, 1.0)');

CREATE TABLE scans (
    path TEXT PRIMARY KEY,
    scanned_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE passed_over (
    directory TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    named TEXT NOT NULL,
    image_count INTEGER NOT NULL,
    images TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mounts (
    path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 4;
COMMIT;
"""

KNOWN = "SELECT name, size, modified_ns, inode FROM documents WHERE directory = ?"
FIND = "SELECT id, text_bytes FROM documents WHERE directory = ? AND name = ?"
ADD_DOCUMENT = """
INSERT INTO documents (directory, name, size, modified_ns, inode, title, text_bytes, skipped)
VALUES (:directory, :name, :size, :modified_ns, :inode, :title, :text_bytes, :skipped)
"""
ADD_PASSAGE = "INSERT INTO passages (document_id, body, place) VALUES (?, ?, ?)"
ADD_WORDS = "INSERT INTO words (rowid, title, name, text) VALUES (?, ?, ?, ?)"
FORGET_WORDS = """
INSERT INTO words (words, rowid, title, name, text)
SELECT 'delete', passage_words.id, passage_words.title, passage_words.name, passage_words.text
FROM passages JOIN passage_words ON passage_words.id = passages.id WHERE passages.document_id = ?
"""
FORGET_PASSAGES = "DELETE FROM passages WHERE document_id = ?"
FORGET_DOCUMENT = "DELETE FROM documents WHERE id = ?"
TRY_LEFT_OUT_AGAIN = "UPDATE documents SET size = -1 WHERE skipped = ?"
TIDY = "INSERT INTO words (words, rank) VALUES ('merge', 200)"
SQUEEZE = "INSERT INTO words (words) VALUES ('optimize')"

DIRECTORIES = "SELECT DISTINCT directory FROM documents"
DOCUMENTS_IN = "SELECT id, text_bytes FROM documents WHERE directory = ? LIMIT ?"
TEXT_BYTES = "SELECT coalesce(sum(text_bytes), 0) FROM documents"
COUNT = "SELECT count(*) FROM documents WHERE skipped = ''"

# :below is the folder with its separator, :beyond the same with the character after the separator.
FIGURES = """
SELECT coalesce(sum(skipped = ''), 0),
       coalesce(sum(skipped <> ''), 0) + (
           SELECT coalesce(sum(count), 0) FROM passed_over
           WHERE directory = :folder OR (directory >= :below AND directory < :beyond)
       ),
       coalesce(sum(CASE WHEN skipped = '' THEN size ELSE 0 END), 0)
FROM documents WHERE directory = :folder OR (directory >= :below AND directory < :beyond)
"""
PASSED_OVER_WITHIN = """
SELECT directory, count, named, image_count, images FROM passed_over
WHERE directory = :folder OR (directory >= :below AND directory < :beyond)
"""
ADD_PASSED_OVER = (
    "INSERT OR REPLACE INTO passed_over (directory, count, named, image_count, images) VALUES (?, ?, ?, ?, ?)"
)
PASSED_OVER_DIRECTORIES = "SELECT directory FROM passed_over"
FORGET_PASSED_OVER = "DELETE FROM passed_over WHERE directory = ?"
NOT_READ = "SELECT directory, name, skipped FROM documents WHERE skipped <> '' ORDER BY directory, name LIMIT ?"
PASSED_OVER = """
SELECT directory, json_extract(value, '$[0]'), json_extract(value, '$[1]')
FROM passed_over, json_each(named) ORDER BY directory, json_each.key LIMIT ?
"""
IMAGES = """
SELECT directory, json_extract(value, '$[0]'), json_extract(value, '$[1]')
FROM passed_over, json_each(images) ORDER BY directory, json_each.key LIMIT ?
"""
# :scan is the reason that scans are skipped for.
PICTURES = """
SELECT (
    SELECT coalesce(sum(image_count), 0) FROM passed_over
    WHERE directory = :folder OR (directory >= :below AND directory < :beyond)
) + (
    SELECT count(*) FROM documents
    WHERE skipped = :scan AND (directory = :folder OR (directory >= :below AND directory < :beyond))
)
"""
WHY_SKIPPED = "SELECT skipped FROM documents WHERE directory = ? AND name = ? AND skipped <> ''"
MOUNTS = "SELECT path FROM mounts"
ADD_MOUNT = "INSERT OR IGNORE INTO mounts (path) VALUES (?)"
FORGET_MOUNT = "DELETE FROM mounts WHERE path = ?"
FORGET_MOUNTS = "DELETE FROM mounts WHERE path = :folder OR (path >= :below AND path < :beyond)"
SCANNED = "INSERT OR REPLACE INTO scans (path, scanned_at) VALUES (?, ?)"
SCAN = "SELECT scanned_at FROM scans WHERE path = ?"
SCANNED_PATHS = "SELECT path FROM scans"
FORGET_SCAN = "DELETE FROM scans WHERE path = ?"

SEARCH = """
SELECT documents.directory, documents.name, documents.title, found.excerpt, found.score,
       CASE WHEN :whole THEN inflate(passages.body) ELSE '' END, documents.modified_ns,
       passages.place
FROM (
    SELECT rowid AS id, -rank AS score, snippet(words, 2, '', '', ' ... ', 64) AS excerpt
    FROM words WHERE words MATCH :expression ORDER BY rank LIMIT :limit
) AS found
JOIN passages ON passages.id = found.id JOIN documents ON documents.id = passages.document_id
ORDER BY found.score DESC
"""

TEXT = """
SELECT documents.title, inflate(passages.body)
FROM documents JOIN passages ON passages.document_id = documents.id
WHERE documents.directory = ? AND documents.name = ? AND documents.skipped = '' ORDER BY passages.id
"""

TALLY = "CREATE VIRTUAL TABLE temp.tally USING fts5vocab(main, words, row)"
LONG_TERMS = "SELECT term FROM temp.tally WHERE length(term) > :letters"
PASSAGES_WITH = "SELECT doc FROM temp.tally WHERE term = ?"


def within(folder: Path) -> dict[str, str]:
    """What is in a folder or below it."""
    return {"folder": str(folder), "below": f"{folder}{os.sep}", "beyond": f"{folder}{chr(ord(os.sep) + 1)}"}

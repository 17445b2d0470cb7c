-- The folders the user named. What is found in them is in a file of its own, which can be made again.
CREATE TABLE folders (
    path TEXT PRIMARY KEY,
    added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The newest entry of the audit log, as the task engine announced it: what must still be in the log.
CREATE TABLE audit_heads (
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    PRIMARY KEY (number, digest)
) STRICT, WITHOUT ROWID;

-- Failures count against the restart windows. `at_monotonic` is only comparable within one boot.
CREATE TABLE failures (
    unit TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    at_monotonic REAL NOT NULL
) STRICT;
CREATE INDEX failures_by_unit ON failures (unit, at_monotonic);

CREATE TABLE given_up (
    unit TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    settings_digest TEXT NOT NULL
) STRICT;

CREATE TABLE restarts (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    unit TEXT NOT NULL,
    reason TEXT NOT NULL,
    outcome TEXT NOT NULL,
    downtime_seconds REAL
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    pid INTEGER NOT NULL,
    ended_at TEXT
) STRICT;

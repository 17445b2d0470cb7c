-- The history of a job that was removed is asked for by name too.
CREATE INDEX firings_of_name ON firings (job_name COLLATE NOCASE, number);

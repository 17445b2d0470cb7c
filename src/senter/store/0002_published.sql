-- What is published stays until the stream no longer holds it, which is when all its consumers have it: a stream that is
-- lost is filled again from here. `stream_sequence` is its number there, empty while it waits.
ALTER TABLE outbox ADD COLUMN stream_sequence INTEGER;
CREATE INDEX outbox_waiting ON outbox (sequence) WHERE stream_sequence IS NULL;
CREATE INDEX outbox_published ON outbox (stream_sequence) WHERE stream_sequence IS NOT NULL;

-- The stream that these numbers are of, by the moment it was made.
CREATE TABLE outbox_stream (created TEXT NOT NULL) STRICT;

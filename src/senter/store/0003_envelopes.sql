-- The envelope of an event stands beside its content; the version before kept it within.
ALTER TABLE outbox ADD COLUMN caused_by TEXT;
ALTER TABLE outbox ADD COLUMN correlation_id TEXT;
UPDATE outbox SET
    caused_by = json_extract(payload, '$.caused_by'),
    correlation_id = json_extract(payload, '$.correlation_id'),
    payload = json_remove(payload, '$.id', '$.sent_at', '$.caused_by', '$.correlation_id', '$.source')
WHERE json_valid(payload);

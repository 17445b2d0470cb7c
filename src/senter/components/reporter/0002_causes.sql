-- The request that started what a digest or a notification is about: whoever hears of them can tell what it came of.
ALTER TABLE digests ADD COLUMN correlation_id TEXT NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN correlation_id TEXT NOT NULL DEFAULT '';

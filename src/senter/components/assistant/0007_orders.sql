-- What a model had done for the turn, each order stored before it was carried out, as JSON.
ALTER TABLE turns ADD COLUMN orders TEXT NOT NULL DEFAULT '[]';

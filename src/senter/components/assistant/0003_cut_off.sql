-- Why an answer ends before it is whole: it says so whenever it is asked for.
ALTER TABLE turns ADD COLUMN cut_off TEXT NOT NULL DEFAULT '';

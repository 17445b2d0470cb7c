-- A turn that was begun to go on by itself: whoever hangs up, and after the end of the process.
ALTER TABLE turns ADD COLUMN posted INTEGER NOT NULL DEFAULT 0;
-- How often such a turn was taken up after a process that did not end in order.
ALTER TABLE turns ADD COLUMN taken_up INTEGER NOT NULL DEFAULT 0;
-- Whether somebody said that it was read to its end.
ALTER TABLE turns ADD COLUMN read INTEGER NOT NULL DEFAULT 0;
-- The rest of the error, for whoever asks later.
ALTER TABLE turns ADD COLUMN error_code TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN error_hint TEXT NOT NULL DEFAULT '';

CREATE INDEX turns_posted ON turns (sequence) WHERE posted = 1;

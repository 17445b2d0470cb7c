-- What the text was understood to mean, stored before anything of it is done: it is never read anew at another moment.
ALTER TABLE turns ADD COLUMN understood TEXT NOT NULL DEFAULT '';
-- The turn under whose id its acts are done: its own, or that of the same sentence a moment before; empty where it does
-- nothing. Such a turn is taken up whoever asked.
ALTER TABLE turns ADD COLUMN origin TEXT NOT NULL DEFAULT '';
-- What was done, what the answer rests on, and what it asks back, as JSON.
ALTER TABLE turns ADD COLUMN receipts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE turns ADD COLUMN sources TEXT NOT NULL DEFAULT '[]';
ALTER TABLE turns ADD COLUMN asks TEXT NOT NULL DEFAULT 'null';

CREATE INDEX turns_that_act ON turns (sequence) WHERE origin <> '';

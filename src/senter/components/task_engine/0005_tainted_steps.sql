-- Whether a call that failed brought text from outside into its task's context: it does so too when it is made again.
ALTER TABLE steps ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0;

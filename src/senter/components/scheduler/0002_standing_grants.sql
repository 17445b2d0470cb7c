-- What the goals of a job may do beyond the default grant, as the user fixed it when adding the job.
ALTER TABLE jobs ADD COLUMN standing_grant TEXT;

-- The field's word for what a job's goals may do without asking; what is stored stays as it is.
ALTER TABLE jobs RENAME COLUMN standing_grant TO preapproved_grant;

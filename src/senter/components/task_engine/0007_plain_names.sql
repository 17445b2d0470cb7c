-- Names as the field has them; what is stored stays as it is.
ALTER TABLE goals RENAME COLUMN standing_grant TO preapproved_grant;
ALTER TABLE goals RENAME COLUMN same_failures TO repeated_failures;
ALTER TABLE goals RENAME COLUMN under TO supervisor_pid;
ALTER TABLE tasks RENAME COLUMN same_failures TO repeated_failures;
ALTER TABLE attempts RENAME COLUMN under TO supervisor_pid;
ALTER TABLE told RENAME TO announced;

DROP INDEX told_by_goal;

CREATE INDEX announced_by_goal ON announced (goal_id);

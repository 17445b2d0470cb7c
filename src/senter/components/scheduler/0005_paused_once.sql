-- A paused once job is still due, to be skipped on record; before, its time was forgotten, and it could not be resumed any more.
UPDATE jobs SET next_run = strftime('%Y-%m-%dT%H:%M:%f000+00:00', json_extract(trigger_config, '$.at'))
WHERE trigger_type = 'once' AND enabled = 0 AND next_run IS NULL
    AND julianday(json_extract(trigger_config, '$.at')) > julianday('now');

-- What an approval is about is typed. The sentences of earlier ones stay readable and allow nothing, so what was not
-- decided or perhaps not used is asked anew: such an approval is set aside as for a retry.
UPDATE approvals SET needs = (
    SELECT json_group_array(json_object('kind', 'earlier_words', 'text', value)) FROM json_each(approvals.needs)
);

UPDATE tasks SET status = 'pending', error = '', not_before = '', ready = 1
WHERE status = 'waiting'
    AND id IN (SELECT task_id FROM approvals WHERE decision = '' AND kind = 'permission')
    AND id NOT IN (SELECT task_id FROM approvals WHERE decision = '' AND kind <> 'permission');

UPDATE goals SET status = 'in_progress', error = ''
WHERE status = 'waiting' AND id IN (SELECT goal_id FROM tasks WHERE ready = 1);

UPDATE approvals SET step_run = -id WHERE decision IN ('', 'approved') AND kind = 'permission';

UPDATE approvals SET decision = 'withdrawn', decided_at = strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now')
WHERE decision = '' AND kind = 'permission';

-- What a call made where nothing was, as paths: what it is about to make while it runs, what it made once it ended.
ALTER TABLE steps ADD COLUMN made TEXT NOT NULL DEFAULT '[]';

-- What the daemon's start says was cut off: plannings, tasks, and effects of tasks at rest whose outcome is not known.
CREATE VIEW interrupted_work AS
SELECT 'goal' AS kind, id FROM goals WHERE status IN ('pending', 'planning') AND status = 'planning'
UNION ALL
SELECT 'task', id FROM tasks WHERE status = 'in_progress'
UNION ALL
SELECT 'tool_call', steps.id
FROM goals
JOIN tasks ON tasks.goal_id = goals.id
JOIN steps ON steps.task_id = tasks.id
WHERE goals.status NOT IN ('completed', 'failed', 'cancelled')
    AND tasks.status NOT IN ('in_progress', 'completed', 'failed', 'cancelled')
    AND steps.state = 'started'
    AND steps.effect IN ('compensable', 'once_only');

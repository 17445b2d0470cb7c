-- What a research goal is about, as its plan has it: said when it is done. Of earlier goals what their summary was about.
ALTER TABLE goals ADD COLUMN topic TEXT NOT NULL DEFAULT '';

UPDATE goals SET topic = coalesce(
    (
        SELECT json_extract(planned, '$.about') FROM tasks
        WHERE goal_id = goals.id AND json_extract(planned, '$.work') = 'summarise' AND json_extract(planned, '$.about') <> ''
        ORDER BY number LIMIT 1
    ),
    text
)
WHERE focus = 'research';

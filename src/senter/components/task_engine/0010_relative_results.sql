-- What lies in the data folder is kept by its path from there: a home that is moved still finds its results.
UPDATE goals
SET results = (
    SELECT json_group_array(
        CASE
            WHEN instr(value, '/data/Focuses/') > 0 THEN substr(value, instr(value, '/data/Focuses/') + 6)
            ELSE value
        END
    )
    FROM (SELECT value FROM json_each(goals.results) ORDER BY key)
)
WHERE instr(results, '/data/Focuses/') > 0;

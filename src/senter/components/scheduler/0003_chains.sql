-- A chain is now the jobs whose work led to a time, by number and in order, such as /3/7/. What was before is not known.
DROP INDEX firings_of_chain;
UPDATE firings SET chain = '/' || job_id || '/' WHERE event_id IS NOT NULL;
UPDATE calls SET chain = '';

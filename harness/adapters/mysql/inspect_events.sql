-- Events. An EVERY without STARTS starts when it is made, which is no part of the schema.
SELECT e.event_name AS name,
       CONCAT_WS(' ',
         CASE e.event_type WHEN 'RECURRING' THEN CONCAT('EVERY ', e.interval_value, ' ', e.interval_field) ELSE CONCAT('AT ', e.execute_at) END,
         CASE WHEN TIMESTAMPDIFF(SECOND, e.created, e.starts) NOT IN (0, 1) THEN CONCAT('STARTS ', e.starts) END,
         CASE WHEN e.ends IS NOT NULL THEN CONCAT('ENDS ', e.ends) END,
         'ON COMPLETION', e.on_completion, e.status, NULLIF(CONCAT('COMMENT ', e.event_comment), 'COMMENT '),
         CONCAT('\nDO ', e.event_definition)) AS definition,
       e.definer AS definer,
       e.sql_mode AS sql_mode
FROM information_schema.events e
WHERE e.event_schema = DATABASE()

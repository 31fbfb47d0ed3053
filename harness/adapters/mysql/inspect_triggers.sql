-- Triggers, with what fires them and in which order.
SELECT g.trigger_name AS name,
       g.event_object_table AS entity,
       CONCAT(g.action_timing, ' ', g.event_manipulation, ' ', g.action_order, '\n', g.action_statement) AS definition,
       g.definer AS definer,
       g.sql_mode AS sql_mode
FROM information_schema.triggers g
WHERE g.trigger_schema = DATABASE()
ORDER BY g.event_object_table, g.action_timing, g.event_manipulation, g.action_order

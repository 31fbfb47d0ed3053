CREATE OR REPLACE VIEW spending AS
    SELECT user_id, sum(total) AS spent FROM orders GROUP BY user_id;

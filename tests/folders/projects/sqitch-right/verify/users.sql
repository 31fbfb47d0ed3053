BEGIN;
SELECT id, email, created_at FROM users WHERE FALSE;
ROLLBACK;

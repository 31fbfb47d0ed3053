-- Deploy shop:users to pg
\set ON_ERROR_STOP on
BEGIN;
CREATE TABLE users (
    id BIGSERIAL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMIT;

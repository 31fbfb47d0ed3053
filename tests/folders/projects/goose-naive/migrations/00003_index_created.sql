-- +goose Up
CREATE INDEX CONCURRENTLY users_created_at ON users (created_at); -- expect: up-applies broken

-- +goose Down
DROP INDEX users_created_at;

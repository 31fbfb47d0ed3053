BEGIN;
CREATE TABLE orders (
    id BIGSERIAL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    total NUMERIC(10, 2) NOT NULL CHECK (total >= 0)
);
CREATE INDEX orders_user_id ON orders (user_id);
COMMIT;

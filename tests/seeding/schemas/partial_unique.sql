CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE addresses (
  id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users, street text NOT NULL,
  is_default boolean NOT NULL DEFAULT false, is_billing boolean NOT NULL DEFAULT false, deleted_at timestamptz);
CREATE UNIQUE INDEX one_default ON addresses (user_id) WHERE is_default;
CREATE UNIQUE INDEX one_billing ON addresses (user_id) WHERE is_billing AND deleted_at IS NULL;
CREATE TABLE subscriptions (
  id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users,
  status text NOT NULL CHECK (status IN ('active', 'cancelled', 'expired')));
CREATE UNIQUE INDEX one_active ON subscriptions (user_id) WHERE status = 'active';

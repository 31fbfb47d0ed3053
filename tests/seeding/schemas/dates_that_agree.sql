CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, birth_date date CHECK (birth_date > '1900-01-01'), created_at timestamptz NOT NULL);
CREATE TABLE shipments (
  id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, ordered_at timestamptz NOT NULL, paid_at timestamptz,
  shipped_at timestamptz, delivered_at timestamptz, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CHECK (created_at <= updated_at), CHECK (ordered_at <= shipped_at), CHECK (shipped_at <= delivered_at),
  CHECK (delivered_at IS NULL OR shipped_at IS NOT NULL), CHECK (shipped_at IS NULL OR paid_at IS NOT NULL),
  CHECK (delivered_at < ordered_at + interval '1 year'));
CREATE TABLE seasons (
  id serial PRIMARY KEY, starts_on date NOT NULL, ends_on date NOT NULL, price numeric(8,2) NOT NULL,
  CHECK (ends_on BETWEEN starts_on + 1 AND starts_on + 120), CHECK (extract(year FROM starts_on) >= 2000));

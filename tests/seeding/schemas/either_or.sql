CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE organisations (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE accounts (
  id serial PRIMARY KEY,
  user_id integer REFERENCES users, organisation_id integer REFERENCES organisations,
  CHECK ((user_id IS NULL) <> (organisation_id IS NULL)),
  email text, phone text, CHECK (email IS NOT NULL OR phone IS NOT NULL),
  a integer, b integer, c integer, CHECK (num_nonnulls(a, b, c) = 1),
  status text NOT NULL CHECK (status IN ('pending', 'shipped', 'delivered', 'cancelled')),
  shipped_at timestamptz, delivered_at timestamptz,
  CHECK ((status IN ('shipped', 'delivered')) = (shipped_at IS NOT NULL)),
  CHECK (delivered_at IS NULL OR (status = 'delivered' AND delivered_at >= shipped_at)),
  kind text NOT NULL, amount numeric(8,2) NOT NULL,
  CHECK ((kind = 'free' AND amount = 0) OR (kind = 'paid' AND amount > 0)),
  discount_type text CHECK (discount_type IN ('percent', 'fixed')), discount_value numeric(8,2),
  CHECK (discount_type <> 'percent' OR discount_value BETWEEN 0 AND 100),
  CHECK (coalesce(email, phone) IS NOT NULL));

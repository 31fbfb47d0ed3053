CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE tags (id serial PRIMARY KEY, name varchar(40) UNIQUE NOT NULL);
CREATE TABLE user_tags (user_id bigint REFERENCES users, tag_id integer REFERENCES tags, PRIMARY KEY (user_id, tag_id));
CREATE TABLE follows (
  follower_id bigint NOT NULL REFERENCES users, followed_id bigint NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (follower_id, followed_id), CHECK (follower_id <> followed_id));
CREATE TABLE messages (id bigserial PRIMARY KEY, sender_id bigint NOT NULL REFERENCES users,
  receiver_id bigint NOT NULL REFERENCES users, body text NOT NULL, CHECK (sender_id <> receiver_id));
CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users);
CREATE TABLE order_items (
  order_id bigint NOT NULL REFERENCES orders, line_no integer NOT NULL CHECK (line_no > 0),
  product text NOT NULL, quantity integer NOT NULL CHECK (quantity > 0), PRIMARY KEY (order_id, line_no));
CREATE TABLE daily_stats (user_id bigint NOT NULL REFERENCES users, day date NOT NULL, views integer NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, day));
CREATE TABLE three_way (a bigint REFERENCES users, b integer REFERENCES tags, c smallint, PRIMARY KEY (a, b, c));
CREATE TABLE products (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE cart_lines (
  id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, line_no smallint NOT NULL CHECK (line_no > 0),
  product_id integer NOT NULL REFERENCES products, sku varchar(12) NOT NULL,
  UNIQUE (order_id, line_no), UNIQUE (order_id, product_id), UNIQUE (order_id, sku));

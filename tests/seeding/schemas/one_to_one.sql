CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE profiles (user_id integer PRIMARY KEY REFERENCES users, bio text, avatar_url text);
CREATE TABLE settings_of_users (id serial PRIMARY KEY, user_id integer NOT NULL UNIQUE REFERENCES users, theme text NOT NULL DEFAULT 'light');
CREATE TABLE wallets (id serial PRIMARY KEY, user_id integer UNIQUE REFERENCES users, balance numeric(12,2) NOT NULL CHECK (balance >= 0));
CREATE TABLE badges (email text PRIMARY KEY REFERENCES users (email), level smallint NOT NULL);

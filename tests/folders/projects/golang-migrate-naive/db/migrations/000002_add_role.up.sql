ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'buyer';
CREATE INDEX users_role ON users (role);

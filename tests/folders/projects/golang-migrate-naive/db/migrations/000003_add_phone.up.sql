ALTER TABLE users ADD COLUMN phone TEXT; -- expect: down-exists broken

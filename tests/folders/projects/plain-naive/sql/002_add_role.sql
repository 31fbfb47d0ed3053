-- Up
ALTER TABLE users ADD COLUMN role TEXT;
<<<<<<< HEAD -- expect: files-well-formed broken
ALTER TABLE users ADD COLUMN phone TEXT;
=======
ALTER TABLE users ADD COLUMN telephone TEXT;
>>>>>>> feature

-- Down
ALTER TABLE users DROP COLUMN role;

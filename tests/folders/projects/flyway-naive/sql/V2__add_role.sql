ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT '${role}'; -- expect: files-well-formed broken

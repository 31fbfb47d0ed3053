ALTER TABLE users ADD COLUMN work_email TEXT; -- expect: files-well-formed broken

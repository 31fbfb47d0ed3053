SELECT 1; -- expect: files-well-formed broken

-- What a printed character set does not say: its usual collation, and the bytes of its widest character.
SELECT s.character_set_name AS name, s.default_collate_name AS collation, s.maxlen AS widest
FROM information_schema.character_sets s

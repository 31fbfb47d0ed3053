-- +goose Up
CREATE FUNCTION touch() RETURNS trigger AS $$
BEGIN
    NEW.created_at := now(); -- expect: files-well-formed broken
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER users_touch BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch();

-- +goose Down
DROP TRIGGER users_touch ON users; -- expect: round-trip-exact broken

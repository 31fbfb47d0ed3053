DROP INDEX users_role; -- expect: round-trip-exact broken

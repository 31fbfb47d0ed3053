"""Migrations and what going back loses of each: data alone, a kind of loss and its twin beside each other."""

from dataclasses import dataclass

FIRST = """\
CREATE TABLE groups_ (id INT PRIMARY KEY, title VARCHAR(40) NOT NULL, CONSTRAINT one UNIQUE (title));
CREATE TABLE people (
  id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, phone VARCHAR(30), cents INT NOT NULL CHECK (cents > 100),
  group_id INT NOT NULL REFERENCES groups_ (id)
);"""
DOCUMENT = """\
# People
**Type:** {engine}

### Migration 001: Start
```sql
-- Up
{first}
-- Down
DROP TABLE IF EXISTS visits;
DROP TABLE people;
DROP TABLE groups_;
```

### Migration 002: Change
{words}
```sql
-- Up
{up}
-- Down
{down}
```
"""
TYPE = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}


@dataclass(frozen=True)
class Trial:
    """A migration, and what it loses: table, field, kind, whose.

    ``words`` may announce it; ``more`` stands in the migration before it.
    """

    name: str
    up: str
    down: str
    lost: tuple[tuple[str, str, str, str], ...] = ()
    words: str = ""
    verdict: str = ""
    only: tuple[str, ...] = ("postgresql", "mysql", "mariadb")
    more: str = ""


WRITTEN, BEFORE = "written after", "there before"
ROLE = "ALTER TABLE people ADD COLUMN role VARCHAR(20);"
NO_ROLE = "ALTER TABLE people DROP COLUMN role;"
ROLE_LOST = (("people", "role", "value gone", WRITTEN),)
MYSQL = ("mysql", "mariadb")
VISITS = """
CREATE TABLE visits (id INT PRIMARY KEY, n INT NOT NULL, price NUMERIC(8,2) NOT NULL, day DATE NOT NULL,
  seen {moment}(0) NOT NULL);"""
VISITS_LOST = tuple(("visits", field, "changed", WRITTEN) for field in ("n", "price", "day", "seen"))
LATIN = """
CREATE TABLE visits (id INT PRIMARY KEY, place VARCHAR(40) NOT NULL) CHARACTER SET {set};"""
BY_PHONE = "CREATE UNIQUE INDEX by_phone ON people (phone);"
ALTER, MODIFY = "ALTER COLUMN {} TYPE {}", "MODIFY {} {} NOT NULL"


def retyped(change: str, *types: str) -> str:
    names = ("n", "price", "day", "seen")
    return f"ALTER TABLE visits {', '.join(change.format(*pair) for pair in zip(names, types, strict=True))};"


TRIALS = (
    Trial("a field that is dropped takes its values along", ROLE, NO_ROLE, ROLE_LOST),
    Trial("and the document may say so", ROLE, NO_ROLE, ROLE_LOST, "Going back loses each role.", "holds"),
    Trial("but must say which", ROLE, NO_ROLE, ROLE_LOST, "Going back loses some data.", "broken"),
    Trial("or that nothing is lost, which is no announcement", ROLE, NO_ROLE, ROLE_LOST, "No role is lost.", "broken"),
    Trial(
        "a field that a trigger fills from one that stays holds nothing of its own",
        "ALTER TABLE people ADD COLUMN label VARCHAR(40);\n"
        "CREATE FUNCTION copy_name() RETURNS trigger LANGUAGE plpgsql AS\n"
        "$$ BEGIN NEW.label := NEW.name; RETURN NEW; END $$;\n"
        "CREATE TRIGGER copy_name BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION copy_name();",
        "DROP TRIGGER copy_name ON people;\nDROP FUNCTION copy_name();\nALTER TABLE people DROP COLUMN label;",
        only=("postgresql",),
    ),
    Trial(
        "a field that is filled from another one, but written to by itself, does",
        "ALTER TABLE people ADD COLUMN label VARCHAR(40);\nUPDATE people SET label = name;",
        "ALTER TABLE people DROP COLUMN label;",
        (("people", "label", "value gone", WRITTEN),),
    ),
    Trial(
        "a table that is dropped takes its rows along",
        "CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(200) NOT NULL);",
        "DROP TABLE notes;",
        (("notes", "", "rows gone", WRITTEN),),
    ),
    Trial(
        "a field that is dropped by the up comes back empty",
        "ALTER TABLE people DROP COLUMN phone;",
        "ALTER TABLE people ADD COLUMN phone VARCHAR(30);",
        (("people", "phone", "nulled", BEFORE),),
    ),
    Trial(
        "or with a default that is nobody's value",
        "ALTER TABLE people DROP COLUMN name;",
        "ALTER TABLE people ADD COLUMN name VARCHAR(40) NOT NULL DEFAULT '#';",
        (("people", "name", "changed", BEFORE),),
    ),
    Trial(
        "a down that deletes",
        "UPDATE people SET phone = phone;",
        "DELETE FROM people;",
        (("people", "", "rows gone", BEFORE), ("people", "", "rows gone", WRITTEN)),
    ),
    Trial(
        "values that are cut off",
        "UPDATE people SET name = LEFT(name, 2);",
        "UPDATE people SET phone = phone;",
        (("people", "name", "truncated", BEFORE),),
    ),
    Trial(
        "a down that takes back what its up put in",
        "INSERT INTO groups_ (id, title) VALUES (900001, 'These');\n"
        "INSERT INTO people (id, name, cents, group_id) VALUES (900001, 'Ada', 500, 900001);",
        "DELETE FROM people WHERE id = 900001;\nDELETE FROM groups_ WHERE id = 900001;",
    ),
    Trial(
        "a down that takes back more",
        "INSERT INTO groups_ (id, title) VALUES (900001, 'These');\n"
        "INSERT INTO people (id, name, cents, group_id) VALUES (900001, 'Ada', 500, 900001);",
        "DELETE FROM people WHERE id >= 5;\nDELETE FROM groups_ WHERE id = 900001;",
        (("people", "", "rows gone", BEFORE), ("people", "", "rows gone", WRITTEN)),
    ),
    Trial("indexes touch no row", "CREATE INDEX by_name ON people (name);", "DROP INDEX by_name{on};"),
    Trial(
        "a rename keeps all",
        "ALTER TABLE people RENAME COLUMN name TO full_name;",
        "ALTER TABLE people RENAME COLUMN full_name TO name;",
    ),
    Trial("so does a table's", "ALTER TABLE groups_ RENAME TO teams;", "ALTER TABLE teams RENAME TO groups_;"),
    Trial(
        "a computed change that the down computes back",
        "UPDATE people SET cents = cents * 2;",
        "UPDATE people SET cents = cents / 2;",
        only=("postgresql",),
    ),
    Trial(
        "a field moved into a table of its own and back",
        "CREATE TABLE phones (person_id INT PRIMARY KEY REFERENCES people (id), phone VARCHAR(30));\n"
        "INSERT INTO phones SELECT id, phone FROM people WHERE phone IS NOT NULL;\n"
        "ALTER TABLE people DROP COLUMN phone;",
        "ALTER TABLE people ADD COLUMN phone VARCHAR(30);\n"
        "UPDATE people SET phone = (SELECT x.phone FROM phones x WHERE x.person_id = people.id);\n"
        "DROP TABLE phones;",
    ),
    Trial(
        "a copy that the down restores from",
        "CREATE TABLE people_was (id INT PRIMARY KEY, cents INT NOT NULL);\n"
        "INSERT INTO people_was SELECT id, cents FROM people;\nUPDATE people SET cents = 101;",
        "UPDATE people SET cents = (SELECT w.cents FROM people_was w WHERE w.id = people.id)\n"
        "  WHERE id IN (SELECT w.id FROM people_was w);\nDROP TABLE people_was;",
    ),
    Trial(
        "and one that it does not restore from",
        "CREATE TABLE people_was (id INT PRIMARY KEY, cents INT NOT NULL);\n"
        "INSERT INTO people_was SELECT id, cents FROM people;\nUPDATE people SET cents = 101;",
        "DROP TABLE people_was;",
        (("people", "cents", "changed", BEFORE),),
    ),
    Trial(
        "rows that are moved away and brought back",
        "CREATE TABLE archive (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, phone VARCHAR(30), cents INT NOT NULL,"
        " group_id INT NOT NULL);\nINSERT INTO archive SELECT id, name, phone, cents, group_id FROM people;\n"
        "DELETE FROM people;",
        "INSERT INTO people SELECT id, name, phone, cents, group_id FROM archive;\nDROP TABLE archive;",
    ),
    Trial(
        "a type with less room than the longest value",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(35) USING LEFT(name, 35);",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(40);",
        (("people", "name", "truncated", BEFORE),),
        only=("postgresql",),
    ),
    Trial(
        "a type with less room than the longest value, made to fit",
        "UPDATE people SET name = LEFT(name, 35);\nALTER TABLE people MODIFY name VARCHAR(35) NOT NULL;",
        "ALTER TABLE people MODIFY name VARCHAR(40) NOT NULL;",
        (("people", "name", "truncated", BEFORE),),
        only=("mysql", "mariadb"),
    ),
    Trial(
        "a type with less room that the server does not cut anything for",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(35);",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(40);",
        only=("postgresql",),
    ),
    Trial(
        "a wider type and back",
        "ALTER TABLE people ALTER COLUMN cents TYPE BIGINT;",
        "ALTER TABLE people ALTER COLUMN cents TYPE INT;",
        only=("postgresql",),
    ),
    Trial(
        "a key beside the one of before, which the server counts on",
        "ALTER TABLE people ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;\n"
        "ALTER TABLE people DROP CONSTRAINT people_pkey;\n"
        "ALTER TABLE people ADD COLUMN uid UUID DEFAULT gen_random_uuid() PRIMARY KEY;",
        "ALTER TABLE people DROP COLUMN uid;\nALTER TABLE people ADD PRIMARY KEY (id);\n"
        "ALTER TABLE people ALTER COLUMN id DROP IDENTITY;",
        (("people", "uid", "value gone", WRITTEN),),
        only=("postgresql",),
    ),
    Trial(
        "a value that may be there twice now, and may not before",
        "ALTER TABLE groups_ ADD COLUMN gone DATE;\nALTER TABLE groups_ DROP CONSTRAINT one;\n"
        "CREATE UNIQUE INDEX one ON groups_ (title) WHERE gone IS NULL;",
        "DROP INDEX one;\nALTER TABLE groups_ ADD CONSTRAINT one UNIQUE (title);\n"
        "ALTER TABLE groups_ DROP COLUMN gone;",
        words="Going back loses gone.",
        verdict="broken",
        only=("postgresql",),
    ),
    Trial(
        "and a down that lets one of them be another",
        "ALTER TABLE groups_ DROP CONSTRAINT one;",
        "UPDATE groups_ SET title = concat(left(title, 30), id) \n"
        "WHERE id > (SELECT min(id) FROM groups_ b WHERE b.title = groups_.title);\n"
        "ALTER TABLE groups_ ADD CONSTRAINT one UNIQUE (title);",
        (("groups_", "title", "changed", WRITTEN),),
        words="Titles that are there twice get a number: going back loses their title.",
        verdict="holds",
        only=("postgresql",),
    ),
    Trial(
        "a table's new name, with a view under the old one",
        "ALTER TABLE groups_ RENAME TO teams;\nCREATE VIEW groups_ AS SELECT id, title FROM teams;",
        "DROP VIEW groups_;\nALTER TABLE teams RENAME TO groups_;",
    ),
    Trial(
        "values that a trigger derives, as the up does again",
        "ALTER TABLE people ADD COLUMN initials VARCHAR(3);\nUPDATE people SET initials = LEFT(name, 3);\n"
        "CREATE FUNCTION derive() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.initials := LEFT(NEW.name, 3); RETURN NEW; END $$;\n"
        "CREATE TRIGGER derived BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION derive();",
        "DROP TRIGGER derived ON people;\nDROP FUNCTION derive();\nALTER TABLE people DROP COLUMN initials;",
        only=("postgresql",),
    ),
    Trial(
        "values that the up derives from what was there alone",
        "ALTER TABLE people ADD COLUMN initials VARCHAR(3);\nUPDATE people SET initials = LEFT(name, 3);",
        "ALTER TABLE people DROP COLUMN initials;",
        (("people", "initials", "value gone", WRITTEN),),
    ),
    Trial(
        "a key with one field more, which takes what the old one does not",
        "ALTER TABLE people DROP CONSTRAINT people_pkey, ADD CONSTRAINT people_pkey PRIMARY KEY (id, name);",
        "ALTER TABLE people DROP CONSTRAINT people_pkey, ADD CONSTRAINT people_pkey PRIMARY KEY (id);",
        verdict="broken",
        only=("postgresql",),
    ),
    Trial(
        "a table with another key in its place, and the old one back",
        "ALTER TABLE people RENAME TO people_was;\n"
        "CREATE TABLE people (LIKE people_was, PRIMARY KEY (id, name)) PARTITION BY RANGE (id);\n"
        "CREATE TABLE people_all PARTITION OF people DEFAULT;\nINSERT INTO people SELECT * FROM people_was;",
        "DROP TABLE people;\nALTER TABLE people_was RENAME TO people;",
        (("people", "", "rows gone", WRITTEN),),
        only=("postgresql",),
    ),
    Trial(
        "a key of another type under the old name",
        "ALTER TABLE people RENAME COLUMN id TO number;\nALTER TABLE people DROP CONSTRAINT people_pkey;\n"
        "ALTER TABLE people ALTER COLUMN number DROP NOT NULL;\n"
        "ALTER TABLE people ADD COLUMN id UUID DEFAULT gen_random_uuid() PRIMARY KEY;",
        "ALTER TABLE people DROP COLUMN id;\n"
        "DELETE FROM people a USING people b WHERE a.number = b.number AND a.ctid > b.ctid OR a.number IS NULL;\n"
        "ALTER TABLE people RENAME COLUMN number TO id;\nALTER TABLE people ADD PRIMARY KEY (id);",
        only=("postgresql",),
    ),
    Trial(
        "finer types, whose values the types of before round",
        retyped(ALTER, "NUMERIC(12,2)", "NUMERIC(12,4)", "TIMESTAMP", "TIMESTAMP(6)"),
        retyped(ALTER, "INT", "NUMERIC(8,2)", "DATE", "TIMESTAMP(0)"),
        VISITS_LOST,
        only=("postgresql",),
        more=VISITS.format(moment="TIMESTAMP"),
    ),
    Trial(
        "other types that are no finer",
        retyped(ALTER, "NUMERIC(9,0)", "NUMERIC(12,2)", "DATE", "TIMESTAMPTZ(0)"),
        retyped(ALTER, "INT", "NUMERIC(8,2)", "DATE", "TIMESTAMP(0)"),
        only=("postgresql",),
        more=VISITS.format(moment="TIMESTAMP"),
    ),
    Trial(
        "a finer type because the unit is another one, and back",
        "ALTER TABLE people DROP CONSTRAINT people_cents_check,\n"
        "  ALTER COLUMN cents TYPE NUMERIC(12,2) USING cents / 100.0;",
        "ALTER TABLE people ALTER COLUMN cents TYPE INT USING (cents * 100)::int, ADD CHECK (cents > 100);",
        only=("postgresql",),
    ),
    Trial(
        "finer types, whose values the types of before round",
        retyped(MODIFY, "DECIMAL(12,2)", "DECIMAL(12,4)", "DATETIME", "DATETIME(6)"),
        retyped(MODIFY, "INT", "DECIMAL(8,2)", "DATE", "DATETIME(0)"),
        VISITS_LOST,
        only=MYSQL,
        more=VISITS.format(moment="DATETIME"),
    ),
    Trial(
        "other types that are no finer",
        retyped(MODIFY, "DECIMAL(9,0)", "DECIMAL(12,2)", "DATE", "TIMESTAMP"),
        retyped(MODIFY, "INT", "DECIMAL(8,2)", "DATE", "DATETIME(0)"),
        only=MYSQL,
        more=VISITS.format(moment="DATETIME"),
    ),
    Trial(
        "longer texts, which the down cuts off",
        "ALTER TABLE people ALTER COLUMN name TYPE TEXT;",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(40) USING LEFT(name, 40);",
        (("people", "name", "truncated", WRITTEN),),
        only=("postgresql",),
    ),
    Trial(
        "longer texts, which the server does not cut anything of",
        "ALTER TABLE people ALTER COLUMN name TYPE TEXT;",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(40);",
        only=("postgresql",),
    ),
    Trial(
        "longer texts, which the down cuts off",
        "ALTER TABLE people MODIFY name VARCHAR(80) NOT NULL;",
        "UPDATE people SET name = LEFT(name, 40);\nALTER TABLE people MODIFY name VARCHAR(40) NOT NULL;",
        (("people", "name", "truncated", WRITTEN),),
        only=MYSQL,
    ),
    Trial(
        "NULL that the type of before does not take",
        "ALTER TABLE people ALTER COLUMN name DROP NOT NULL;",
        "ALTER TABLE people ALTER COLUMN name SET NOT NULL;",
        verdict="broken",
        only=("postgresql",),
    ),
    Trial(
        "NULL that the down fills, which was nobody's value",
        "ALTER TABLE people ALTER COLUMN name DROP NOT NULL;",
        "UPDATE people SET name = '?' WHERE name IS NULL;\nALTER TABLE people ALTER COLUMN name SET NOT NULL;",
        only=("postgresql",),
    ),
    Trial(
        "NULL that the type of before does not take",
        "ALTER TABLE people MODIFY name VARCHAR(40);",
        "ALTER TABLE people MODIFY name VARCHAR(40) NOT NULL;",
        verdict="broken",
        only=MYSQL,
    ),
    Trial(
        "NULL that the down fills, which was nobody's value",
        "ALTER TABLE people MODIFY name VARCHAR(40);",
        "UPDATE people SET name = '?' WHERE name IS NULL;\nALTER TABLE people MODIFY name VARCHAR(40) NOT NULL;",
        only=MYSQL,
    ),
    Trial(
        "letters that the character set of before does not have",
        "ALTER TABLE visits CONVERT TO CHARACTER SET utf8mb4;",
        "ALTER TABLE visits CONVERT TO CHARACTER SET latin1;",
        verdict="broken",
        only=MYSQL,
        more=LATIN.format(set="latin1"),
    ),
    Trial(
        "another collation, with the same letters",
        "ALTER TABLE visits CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
        "ALTER TABLE visits CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;",
        only=MYSQL,
        more=LATIN.format(set="utf8mb4 COLLATE utf8mb4_unicode_ci"),
    ),
    Trial(
        "a unique index alone, which cannot be made again",
        "DROP INDEX by_phone{on};",
        BY_PHONE,
        verdict="broken",
        more=BY_PHONE,
    ),
    Trial(
        "a unique index alone, in whose place one of two fields is",
        "DROP INDEX by_phone{on};\nCREATE UNIQUE INDEX versions ON people (phone, cents);",
        f"DROP INDEX versions{{on}};\n{BY_PHONE}",
        verdict="broken",
        only=("postgresql",),
        more=BY_PHONE,
    ),
    Trial(
        "a unique index alone, in whose place another one is",
        "CREATE UNIQUE INDEX phones ON people (phone);\nDROP INDEX by_phone{on};",
        f"{BY_PHONE}\nDROP INDEX phones{{on}};",
        more=BY_PHONE,
    ),
)

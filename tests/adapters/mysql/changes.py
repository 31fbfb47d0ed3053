"""Changes of a schema, one for each thing that inspecting must not miss."""

from dataclasses import dataclass

BASE = """
CREATE TABLE parent (
  id bigint unsigned AUTO_INCREMENT PRIMARY KEY, code varchar(20) NOT NULL UNIQUE, at timestamp NULL DEFAULT now()
) COMMENT 'of children';
CREATE TABLE child (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  parent_id bigint unsigned NOT NULL,
  n int DEFAULT 1,
  price decimal(10, 2) DEFAULT 1.5,
  name varchar(50) DEFAULT 'NULL',
  state enum('new', 'it''s') NOT NULL DEFAULT 'new',
  flags set('a', 'b'),
  data json,
  at datetime(3) DEFAULT now(3) ON UPDATE now(3),
  size int AS (n * 2) STORED,
  label varchar(50) AS (concat(name, '-', n)) VIRTUAL,
  place point NOT NULL,
  note text,
  bits bit(3) DEFAULT b'101',
  secret int DEFAULT 3 INVISIBLE,
  CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id),
  CONSTRAINT price_positive CHECK (price > 0),
  KEY child_name (name),
  FULLTEXT KEY child_note (note),
  SPATIAL KEY child_place (place)
);
CREATE TABLE event (id bigint, at date NOT NULL, PRIMARY KEY (id, at))
  PARTITION BY RANGE (year(at)) (PARTITION p2024 VALUES LESS THAN (2025), PARTITION p2025 VALUES LESS THAN (2026));
CREATE VIEW names AS SELECT name FROM child;
CREATE TRIGGER touched BEFORE UPDATE ON child FOR EACH ROW SET NEW.n = NEW.n + 1;
CREATE PROCEDURE nothing(IN a int) SELECT a;
CREATE FUNCTION twice(a int) RETURNS int DETERMINISTIC RETURN 2 * a;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM event;
"""


@dataclass(frozen=True)
class Case:
    """A change, what it must be named as, and how it is taken back; for one engine only, or for both."""

    change: str
    named: str
    back: str = ""
    only: str = ""


TOUCHED = "CREATE TRIGGER touched BEFORE UPDATE ON child FOR EACH ROW SET NEW.n = NEW.n + 1"
NIGHTLY = "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM event"

CASES = (
    Case("CREATE TABLE more (a int)", "table more", "DROP TABLE more"),
    Case("ALTER TABLE child ADD c int", "column child.c", "ALTER TABLE child DROP c"),
    Case(
        "ALTER TABLE child MODIFY n bigint DEFAULT 1", "column child.n type", "ALTER TABLE child MODIFY n int DEFAULT 1"
    ),
    Case(
        "ALTER TABLE child MODIFY n int unsigned DEFAULT 1",
        "column child.n type",
        "ALTER TABLE child MODIFY n int DEFAULT 1",
    ),
    Case(
        "ALTER TABLE child MODIFY n int NOT NULL DEFAULT 1",
        "column child.n nullable",
        "ALTER TABLE child MODIFY n int DEFAULT 1",
    ),
    Case(
        "ALTER TABLE child ALTER n SET DEFAULT 2", "column child.n default", "ALTER TABLE child ALTER n SET DEFAULT 1"
    ),
    Case("ALTER TABLE child ALTER n DROP DEFAULT", "column child.n default", "ALTER TABLE child ALTER n SET DEFAULT 1"),
    Case(
        "ALTER TABLE child ALTER name SET DEFAULT ''",
        "column child.name default",
        "ALTER TABLE child ALTER name SET DEFAULT 'NULL'",
    ),
    Case(
        "ALTER TABLE child MODIFY name varchar(50)",
        "column child.name default",
        "ALTER TABLE child MODIFY name varchar(50) DEFAULT 'NULL'",
    ),
    Case(
        "ALTER TABLE child MODIFY note text DEFAULT ('x')",
        "column child.note default",
        "ALTER TABLE child MODIFY note text",
    ),
    Case(
        "ALTER TABLE child ALTER bits SET DEFAULT b'1'",
        "column child.bits default",
        "ALTER TABLE child ALTER bits SET DEFAULT b'101'",
    ),
    Case(
        "ALTER TABLE child MODIFY state enum('new', 'it''s', 'old') NOT NULL DEFAULT 'new'",
        "column child.state type",
        "ALTER TABLE child MODIFY state enum('new', 'it''s') NOT NULL DEFAULT 'new'",
    ),
    Case(
        "ALTER TABLE child MODIFY flags set('b', 'a')",
        "column child.flags type",
        "ALTER TABLE child MODIFY flags set('a', 'b')",
    ),
    Case(
        "ALTER TABLE child MODIFY at datetime(3) DEFAULT now(3)",
        "column child.at on_update",
        "ALTER TABLE child MODIFY at datetime(3) DEFAULT now(3) ON UPDATE now(3)",
    ),
    Case(
        "ALTER TABLE child MODIFY size int AS (n * 3) STORED",
        "column child.size generated",
        "ALTER TABLE child MODIFY size int AS (n * 2) STORED",
    ),
    Case(
        "ALTER TABLE child DROP size, ADD size int AS (n * 2) VIRTUAL AFTER at",
        "column child.size generated",
        "ALTER TABLE child DROP size, ADD size int AS (n * 2) STORED AFTER at",
    ),
    Case(
        "ALTER TABLE child MODIFY name varchar(50) COLLATE utf8mb4_bin DEFAULT 'NULL'",
        "column child.name collation",
        "ALTER TABLE child MODIFY name varchar(50) DEFAULT 'NULL'",
    ),
    Case(
        "ALTER TABLE child MODIFY name varchar(50) CHARACTER SET latin1 DEFAULT 'NULL'",
        "column child.name collation",
        "ALTER TABLE child MODIFY name varchar(50) DEFAULT 'NULL'",
    ),
    Case(
        "ALTER TABLE child MODIFY name varchar(50) DEFAULT 'NULL' COMMENT 'it''s\\n'",
        "column child.name description",
        "ALTER TABLE child MODIFY name varchar(50) DEFAULT 'NULL'",
    ),
    Case(
        "ALTER TABLE child MODIFY secret int DEFAULT 3",
        "column child.secret invisible",
        "ALTER TABLE child MODIFY secret int DEFAULT 3 INVISIBLE",
    ),
    Case(
        "ALTER TABLE child MODIFY id bigint",
        "column child.id identity",
        "ALTER TABLE child MODIFY id bigint AUTO_INCREMENT",
    ),
    Case(
        "DROP INDEX child_place ON child; ALTER TABLE child MODIFY place point NOT NULL SRID 4326",
        "column child.place srid",
        "ALTER TABLE child MODIFY place point NOT NULL; CREATE SPATIAL INDEX child_place ON child (place)",
        only="mysql",
    ),
    Case("CREATE INDEX more ON child (n DESC)", "index more on child", "DROP INDEX more ON child"),
    Case(
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name DESC)",
        "index child_name on child keys",
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name)",
    ),
    Case(
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name(10))",
        "index child_name on child keys",
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name)",
    ),
    Case(
        "DROP INDEX child_name ON child; CREATE UNIQUE INDEX child_name ON child (name)",
        "index child_name on child unique",
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name)",
    ),
    Case(
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name) COMMENT 'why'",
        "index child_name on child comment",
        "DROP INDEX child_name ON child; CREATE INDEX child_name ON child (name)",
    ),
    Case("CREATE INDEX more ON child ((n + 1))", "index more on child", "DROP INDEX more ON child", only="mysql"),
    Case(
        "ALTER TABLE child ALTER INDEX child_name INVISIBLE",
        "index child_name on child invisible",
        "ALTER TABLE child ALTER INDEX child_name VISIBLE",
        only="mysql",
    ),
    Case(
        "ALTER TABLE child ALTER INDEX child_name IGNORED",
        "index child_name on child ignored",
        "ALTER TABLE child ALTER INDEX child_name NOT IGNORED",
        only="mariadb",
    ),
    Case(
        "DROP INDEX child_note ON child",
        "index child_note on child",
        "CREATE FULLTEXT INDEX child_note ON child (note)",
    ),
    Case(
        "DROP INDEX child_place ON child",
        "index child_place on child",
        "CREATE SPATIAL INDEX child_place ON child (place)",
    ),
    Case("ALTER TABLE parent DROP INDEX code", "key parent.code", "ALTER TABLE parent ADD UNIQUE (code)"),
    Case(
        "ALTER TABLE event DROP PRIMARY KEY, ADD PRIMARY KEY (at, id)",
        "key event.PRIMARY fields",
        "ALTER TABLE event DROP PRIMARY KEY, ADD PRIMARY KEY (id, at)",
    ),
    Case(
        "ALTER TABLE child DROP FOREIGN KEY child_parent",
        "foreign key child.child_parent",
        "ALTER TABLE child ADD CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id)",
    ),
    Case(
        "ALTER TABLE child DROP FOREIGN KEY child_parent; ALTER TABLE child ADD CONSTRAINT child_parent "
        "FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE",
        "foreign key child.child_parent on delete",
        "ALTER TABLE child DROP FOREIGN KEY child_parent; ALTER TABLE child ADD CONSTRAINT child_parent "
        "FOREIGN KEY (parent_id) REFERENCES parent (id)",
    ),
    Case(
        "ALTER TABLE child DROP CONSTRAINT price_positive",
        "check child.price_positive",
        "ALTER TABLE child ADD CONSTRAINT price_positive CHECK (price > 0)",
    ),
    Case(
        "ALTER TABLE child DROP CONSTRAINT price_positive; "
        "ALTER TABLE child ADD CONSTRAINT price_positive CHECK (price > 1)",
        "check child.price_positive expression",
        "ALTER TABLE child DROP CONSTRAINT price_positive; "
        "ALTER TABLE child ADD CONSTRAINT price_positive CHECK (price > 0)",
    ),
    Case(
        "ALTER TABLE child ALTER CHECK price_positive NOT ENFORCED",
        "check child.price_positive enforced",
        "ALTER TABLE child ALTER CHECK price_positive ENFORCED",
        only="mysql",
    ),
    Case("ALTER TABLE parent COMMENT 'x'", "table parent comment", "ALTER TABLE parent COMMENT 'of children'"),
    Case("ALTER TABLE parent ROW_FORMAT=COMPRESSED", "table parent row_format"),
    Case("ALTER TABLE event STATS_PERSISTENT=0", "partitioned table event stats_persistent"),
    Case("ALTER TABLE event COLLATE utf8mb4_bin", "partitioned table event collate"),
    Case(
        "ALTER TABLE event ADD PARTITION (PARTITION p2026 VALUES LESS THAN (2027))",
        "partitioned table event partitions",
        "ALTER TABLE event DROP PARTITION p2026",
    ),
    Case("ALTER TABLE event REMOVE PARTITIONING", "event kind"),
    Case(
        "CREATE OR REPLACE VIEW names AS SELECT name, n FROM child",
        "view names",
        "CREATE OR REPLACE VIEW names AS SELECT name FROM child",
    ),
    Case(
        "CREATE OR REPLACE SQL SECURITY INVOKER VIEW names AS SELECT name FROM child",
        "view names definition",
        "CREATE OR REPLACE SQL SECURITY DEFINER VIEW names AS SELECT name FROM child",
    ),
    Case("DROP VIEW names", "view names", "CREATE VIEW names AS SELECT name FROM child"),
    Case("DROP TRIGGER touched", "trigger child.touched", TOUCHED),
    Case(
        "DROP TRIGGER touched; CREATE TRIGGER touched AFTER UPDATE ON child FOR EACH ROW DO 1",
        "trigger child.touched",
        f"DROP TRIGGER touched; {TOUCHED}",
    ),
    Case(
        "DROP PROCEDURE nothing; CREATE PROCEDURE nothing(IN a int) SELECT a, a",
        "procedure nothing",
        "DROP PROCEDURE nothing; CREATE PROCEDURE nothing(IN a int) SELECT a",
    ),
    Case(
        "DROP FUNCTION twice; CREATE FUNCTION twice(a int) RETURNS int DETERMINISTIC RETURN a + a",
        "function twice",
        "DROP FUNCTION twice; CREATE FUNCTION twice(a int) RETURNS int DETERMINISTIC RETURN 2 * a",
    ),
    Case("DROP EVENT nightly", "event nightly", NIGHTLY),
    Case("ALTER EVENT nightly ON SCHEDULE EVERY 2 DAY", "event nightly", f"DROP EVENT nightly; {NIGHTLY}"),
    Case("ALTER EVENT nightly DISABLE", "event nightly", "ALTER EVENT nightly ENABLE"),
    Case("GRANT SELECT ON parent TO CURRENT_USER", "on parent", "REVOKE SELECT ON parent FROM CURRENT_USER"),
    Case("GRANT UPDATE (n) ON child TO CURRENT_USER", "on child.n", "REVOKE UPDATE (n) ON child FROM CURRENT_USER"),
    Case("ALTER DATABASE COLLATE utf8mb4_bin", "database default collation"),
    Case("CREATE SEQUENCE numbers START 5", "sequence numbers", "DROP SEQUENCE numbers", only="mariadb"),
    Case(
        "ALTER TABLE parent ADD SYSTEM VERSIONING",
        "table parent other",
        "ALTER TABLE parent DROP SYSTEM VERSIONING",
        only="mariadb",
    ),
)

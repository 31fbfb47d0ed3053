"""Ways to break ``designs/orders.md``, one at a time."""

# ruff: noqa: E501, ISC004  (the edits are pieces of the document)
from tests.breakages.fault import Fault

FAULTS = (
    Fault(
        "a column is missing in the section's SQL",
        "columns-agree",
        "| full_name | VARCHAR(100)",
        (("  full_name VARCHAR(100) NOT NULL,\n", ""),),
        times=1,
    ),
    Fault(
        "the section's SQL gives another type",
        "columns-agree",
        "| status | VARCHAR(20)",
        (("  status VARCHAR(20) NOT NULL", "  status VARCHAR(30) NOT NULL"),),
        times=1,
    ),
    Fault(
        "the column table gives another type",
        "columns-agree",
        "| total_amount | NUMERIC(10,2)",
        (("| total_amount | NUMERIC(12,2)", "| total_amount | NUMERIC(10,2)"),),
    ),
    Fault(
        "the column table gives a type that the server does not have",
        "columns-agree",
        "| full_name | STRINGY",
        (("| full_name | VARCHAR(100)", "| full_name | STRINGY"),),
    ),
    Fault(
        "the column table forgets a NOT NULL",
        "columns-agree",
        "| full_name | VARCHAR(100) |",
        (("| full_name | VARCHAR(100) | NOT NULL |", "| full_name | VARCHAR(100) | |"),),
    ),
    Fault(
        "the column table gives another default",
        "columns-agree",
        "| status | VARCHAR(20) |",
        (("| NOT NULL, DEFAULT 'pending', CHECK", "| NOT NULL, DEFAULT 'paid', CHECK"),),
    ),
    Fault(
        "the column table lacks a column",
        "columns-agree",
        "### Table: orders",
        (("| currency | CHAR(3) | NOT NULL, DEFAULT 'EUR' | ISO 4217 code of the amount |\n", ""),),
    ),
    Fault(
        "the column table allows a value that the CHECK refuses",
        "columns-agree",
        "| status | VARCHAR(20) |",
        (("'delivered', 'cancelled') | How far", "'delivered', 'returned') | How far"),),
    ),
    Fault(
        "the section's SQL forgets a UNIQUE",
        "columns-agree",
        "| email | VARCHAR(255) |",
        (("  email VARCHAR(255) NOT NULL UNIQUE,\n", "  email VARCHAR(255) NOT NULL,\n"),),
        times=1,
    ),
    Fault(
        "a comma is missing in the section's SQL",
        "statements-valid",
        "full_name VARCHAR(100) NOT NULL,",
        (("  email VARCHAR(255) NOT NULL UNIQUE,\n", "  email VARCHAR(255) NOT NULL UNIQUE\n"),),
        times=1,
    ),
    Fault(
        "an up names a table that is not there",
        "up-applies",
        "ALTER TABLE order_s ADD COLUMN",
        (("ALTER TABLE orders ADD COLUMN", "ALTER TABLE order_s ADD COLUMN"),),
        alone=True,
    ),
    Fault(
        "a down forgets an index",
        "round-trip-exact",
        "SELECT 1;",
        (("DROP INDEX CONCURRENTLY idx_orders_waiting;", "SELECT 1;"),),
    ),
    Fault(
        "a down brings back less than the up took",
        "round-trip-exact",
        "ALTER TABLE users ALTER COLUMN full_name TYPE VARCHAR(90)",
        (
            (
                "ALTER TABLE orders ADD COLUMN currency CHAR(3) NOT NULL DEFAULT 'EUR';\n\n-- Down\n",
                "ALTER TABLE orders ADD COLUMN currency CHAR(3) NOT NULL DEFAULT 'EUR';\n\n-- Down\n"
                "ALTER TABLE users ALTER COLUMN full_name TYPE VARCHAR(90);\n",
            ),
        ),
        also=("rewrites-no-table",),
    ),
    Fault(
        "a down fails",
        "down-applies",
        "ALTER TABLE orders DROP COLUMN curency;",
        (("ALTER TABLE orders DROP COLUMN currency;", "ALTER TABLE orders DROP COLUMN curency;"),),
    ),
    Fault(
        "a down drops a table that another still refers to",
        "down-applies",
        "DROP TABLE users;",
        (("DROP TABLE orders;\nDROP TABLE users;", "DROP TABLE users;\nDROP TABLE orders;"),),
    ),
    Fault(
        "a migration has no down",
        "down-exists",
        "### Migration 002",
        (("\n-- Down\nALTER TABLE orders DROP COLUMN currency;\n", ""),),
        severity="warning",
    ),
    Fault(
        "the index list names an index that nobody makes",
        "indexes-agree",
        "- `idx_users_joined` ON (created_at DESC)",
        (("- `idx_users_created_at` ON (created_at DESC)", "- `idx_users_joined` ON (created_at DESC)"),),
    ),
    Fault(
        "the index list gives another column",
        "indexes-agree",
        "- `idx_orders_user_created` ON (status, created_at DESC)",
        (("- `idx_orders_user_created` ON (user_id,", "- `idx_orders_user_created` ON (status,"),),
    ),
    Fault(
        "the index list gives another order of columns",
        "indexes-agree",
        "- `idx_orders_user_created` ON (created_at DESC, user_id)",
        (
            (
                "- `idx_orders_user_created` ON (user_id, created_at DESC)",
                "- `idx_orders_user_created` ON (created_at DESC, user_id)",
            ),
        ),
    ),
    Fault(
        "the index list says nothing of the predicate",
        "indexes-agree",
        "- `idx_orders_waiting` ON (created_at)",
        (
            (
                "- `idx_orders_waiting` ON (created_at) WHERE status = 'pending' -",
                "- `idx_orders_waiting` ON (created_at) -",
            ),
        ),
    ),
    Fault(
        "ON DELETE is not as said",
        "relationships-agree",
        "- ON DELETE CASCADE",
        (("- ON DELETE RESTRICT", "- ON DELETE CASCADE"),),
        also=("cascade-as-declared",),
    ),
    Fault(
        "a foreign key that is said is not made",
        "relationships-agree",
        "- `user_id` → `users.id`",
        (("  user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,", "  user_id BIGINT NOT NULL,"),),
    ),
    Fault(
        "a query misspells a column",
        "query-runs",
        "SELECT id, full_nam, created_at",
        (("SELECT id, full_name, created_at", "SELECT id, full_nam, created_at"),),
        alone=True,
    ),
    Fault(
        "a query contradicts itself",
        "query-returns-rows",
        "SELECT id, full_name, password_hash",
        (("  AND is_active;", "  AND email = 'grace@example.com';"),),
        severity="warning",
    ),
    Fault(
        "a query can use no index",
        "index-used",
        "- `idx_users_created_at` for the order",
        (("ORDER BY created_at DESC\nLIMIT 20", "ORDER BY lower(full_name)\nLIMIT 20"),),
        also=("index-serves", "sorts-by-index"),
    ),
    Fault(
        "a query is said to use an index that nobody makes",
        "index-used",
        "- `idx_users_joined` for the order",
        (("- `idx_users_created_at` for the order", "- `idx_users_joined` for the order"),),
    ),
    Fault(
        "a query hides the column in an expression",
        "index-used",
        "- `users_email_key` for the address",
        (("WHERE email = 'ada@example.com'", "WHERE lower(email) = 'ada@example.com'"),),
        also=("index-serves", "index-not-hidden"),
    ),
    Fault(
        "a target cannot be met",
        "within-target",
        "**Performance:** < 0.001ms",
        (("**Performance:** < 5ms for", "**Performance:** < 0.001ms for"),),
    ),
    Fault(
        "an index is the beginning of another",
        "index-not-redundant",
        "- `idx_orders_user` ON (user_id)",
        (
            (
                "- `idx_orders_waiting` ON",
                "- `idx_orders_user` ON (user_id) - a person's orders\n- `idx_orders_waiting` ON",
            ),
            (
                "CREATE INDEX idx_orders_user_created",
                "CREATE INDEX idx_orders_user ON orders (user_id);\nCREATE INDEX idx_orders_user_created",
            ),
        ),
        severity="warning",
    ),
    Fault(
        "an index serves nothing",
        "index-needed",
        "- `idx_users_name` ON (full_name)",
        (
            ("- `idx_users_created_at` ON", "- `idx_users_name` ON (full_name) - by name\n- `idx_users_created_at` ON"),
            (
                "CREATE INDEX idx_users_created_at",
                "CREATE INDEX idx_users_name ON users (full_name);\nCREATE INDEX idx_users_created_at",
            ),
        ),
        severity="warning",
    ),
    Fault(
        "a foreign key has no index",
        "foreign-key-indexed",
        "| packed_by | BIGINT",
        (
            (
                "| currency | CHAR(3)",
                "| packed_by | BIGINT | FOREIGN KEY → users(id) | Who packed it |\n| currency | CHAR(3)",
            ),
            (
                "  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),\n  currency",
                "  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),\n  packed_by BIGINT REFERENCES users (id),\n  currency",
            ),
            (
                "  total_amount NUMERIC(12,2) NOT NULL CHECK (total_amount > 0),\n  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),\n  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()\n);",
                "  total_amount NUMERIC(12,2) NOT NULL CHECK (total_amount > 0),\n  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),\n  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),\n  packed_by BIGINT REFERENCES users (id)\n);",
            ),
        ),
        severity="warning",
    ),
    Fault(
        "a condition undoes an outer join",
        "outer-join-kept",
        "  AND o.created_at >= now() - INTERVAL '90 days'",
        (
            (
                "\n  AND o.created_at >= now() - INTERVAL '90 days'\nWHERE u.email = 'ada@example.com'",
                "\nWHERE u.email = 'ada@example.com'\n  AND o.created_at >= now() - INTERVAL '90 days'",
            ),
        ),
        severity="warning",
    ),
    Fault(
        "the partitioning plan does not fit the tables",
        "partition-plan-applies",
        "CREATE TABLE orders_2027 PARTITION OF orders",
        (
            (
                "## Data integrity rules",
                "## Scaling strategy\n\n### Partitioning plan\n```sql\nCREATE TABLE orders_2027 PARTITION OF orders\n  FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');\n```\n\n## Data integrity rules",
            ),
        ),
    ),
    Fault(
        "a migration that is said to be compatible asks for a value that old code does not give",
        "backward-compatible",
        "-- Up (backwards compatible)",
        (
            ("currency CHAR(3) NOT NULL DEFAULT 'EUR'", "currency CHAR(3) NOT NULL"),
            ("| currency | CHAR(3) | NOT NULL, DEFAULT 'EUR' |", "| currency | CHAR(3) | NOT NULL |"),
        ),
    ),
    Fault(
        "a table has no purpose",
        "document-complete",
        "### Table: users",
        (("**Purpose:** One row for each person who can log in.\n", ""),),
        severity="warning",
    ),
    Fault(
        "a migration elides its tables",
        "document-complete",
        "CREATE TABLE extra (...);",
        (
            ("-- Up\nCREATE TABLE users (\n", "-- Up\nCREATE TABLE extra (...);\nCREATE TABLE users (\n"),
            (
                "## Query performance analysis",
                "### Table: extra\n\n**Purpose:** Things beside.\n\n| Column | Type | Constraints |\n|---|---|---|\n| id | BIGINT | PRIMARY KEY |\n| created_at | TIMESTAMPTZ | |\n| updated_at | TIMESTAMPTZ | |\n\n```sql\nCREATE TABLE extra (id BIGINT PRIMARY KEY, created_at TIMESTAMPTZ, updated_at TIMESTAMPTZ);\n```\n\n## Query performance analysis",
            ),
            ("DROP TABLE orders;\nDROP TABLE users;", "DROP TABLE orders;\nDROP TABLE users;\nDROP TABLE extra;"),
        ),
        severity="warning",
    ),
    Fault(
        "a percentile is said to be watched that no view gives",
        "metrics-available",
        "- Query response times",
        ((", from the log: `log_min_duration_statement`)", ")"),),
        severity="advice",
    ),
)

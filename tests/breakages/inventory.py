"""Ways to break ``designs/inventory.md``, one at a time: the faults of the orders design, as MySQL has them."""

# ruff: noqa: E501  (the edits are pieces of the document)
from tests.breakages.fault import Fault

FAULTS = (
    Fault("a column is missing in the section's SQL", "columns-agree", "| country | CHAR(2)", (("  country CHAR(2) NOT NULL,\n", ""),), times=1),
    Fault("the section's SQL gives another type", "columns-agree", "| name | VARCHAR(160)", (("  name VARCHAR(160) NOT NULL,", "  name VARCHAR(120) NOT NULL,"),), times=1),
    Fault("the column table forgets UNSIGNED", "columns-agree", "| category_id | INT |", (("| category_id | INT UNSIGNED |", "| category_id | INT |"),)),
    Fault("the column table gives another ENUM", "columns-agree", "| kind | ENUM('receipt','shipment')", (("| kind | ENUM('receipt','shipment','transfer','correction')", "| kind | ENUM('receipt','shipment')"),)),
    Fault("the column table forgets a NOT NULL", "columns-agree", "| name | VARCHAR(160) | |", (("| name | VARCHAR(160) | NOT NULL |", "| name | VARCHAR(160) | |"),)),
    Fault("the column table gives another default", "columns-agree", "| status | ENUM", (("| NOT NULL, DEFAULT 'active' |", "| NOT NULL, DEFAULT 'discontinued' |"),)),
    Fault("the column table says nothing of the generation", "columns-agree", "| available | INT | |", (("| available | INT | GENERATED ALWAYS AS (on_hand - reserved) STORED |", "| available | INT | |"),)),
    Fault("the column table lacks a column", "columns-agree", "### Table: products", (("| barcode | VARCHAR(14) | NULL | GTIN, where it has one |\n", ""),)),
    Fault("a comma is missing in the section's SQL", "statements-valid", "  name VARCHAR(80) NOT NULL,", (("  code CHAR(4) NOT NULL,\n", "  code CHAR(4) NOT NULL\n"),), times=1),
    Fault("an up names a table that is not there", "up-applies", "ALTER TABLE product ADD COLUMN", (("ALTER TABLE products ADD COLUMN", "ALTER TABLE product ADD COLUMN"),), alone=True),
    Fault("a down forgets an index", "round-trip-exact", "SELECT 1;", (("DROP INDEX idx_stock_levels_available ON stock_levels;", "SELECT 1;"),)),
    Fault("a down restates a column and forgets its NOT NULL", "round-trip-exact", "ALTER TABLE warehouses MODIFY name VARCHAR(80);", (("-- Down\nALTER TABLE products DROP COLUMN barcode;", "-- Down\nALTER TABLE warehouses MODIFY name VARCHAR(80);\nALTER TABLE products DROP COLUMN barcode;"),), also=("rewrites-no-table",)),
    Fault("a down drops an index without its table", "down-applies", "DROP INDEX idx_stock_levels_available;", (("DROP INDEX idx_stock_levels_available ON stock_levels;", "DROP INDEX idx_stock_levels_available;"),)),
    Fault("a down drops a table that another still refers to", "down-applies", "DROP TABLE IF EXISTS stock_levels;", (("DROP TABLE IF EXISTS stock_movements;\nDROP TABLE IF EXISTS stock_levels;", "DROP TABLE IF EXISTS stock_levels;\nDROP TABLE IF EXISTS stock_movements;"),)),
    Fault("a migration has no down", "down-exists", "### Migration 002", (("\n-- Down\nALTER TABLE products DROP COLUMN barcode;\n", ""),), severity="warning"),
    Fault("the index list names an index that nobody makes", "indexes-agree", "- `idx_products_label` ON (sku, name)", (("- `idx_products_category_name` ON", "- `idx_products_label` ON (sku, name) - by label\n- `idx_products_category_name` ON"),)),
    Fault("the index list gives another order of columns", "indexes-agree", "- `idx_products_category_name` ON (name, category_id)", (("- `idx_products_category_name` ON (category_id, name)", "- `idx_products_category_name` ON (name, category_id)"),)),
    Fault("ON DELETE is not as said", "relationships-agree", "- ON DELETE CASCADE", (("- ON DELETE RESTRICT", "- ON DELETE CASCADE"),), also=("cascade-as-declared",)),
    Fault("a query misspells a column", "query-runs", "SELECT moved_at, kinds, quantity", (("SELECT moved_at, kind, quantity", "SELECT moved_at, kinds, quantity"),)),
    Fault("a query contradicts itself", "query-returns-rows", "SELECT id, name, unit_price, status", (("WHERE sku = 'LAMP-0042'", "WHERE sku = 'LAMP-0042' AND unit_price < 0"),), severity="warning"),
    Fault("a query hides the column in an expression", "index-used", "- `uq_products_sku` for the label", (("WHERE sku = 'LAMP-0042'", "WHERE LOWER(sku) = 'lamp-0042'"),), also=("index-serves", "index-not-hidden")),
    Fault("a query is said to use an index that nobody makes", "index-used", "- `idx_label` for the label", (("- `uq_products_sku` for the label", "- `idx_label` for the label"),)),
    Fault("a target cannot be met", "within-target", "**Performance:** < 0.001ms", (("**Performance:** < 10ms for", "**Performance:** < 0.001ms for"),)),
    Fault("an index is the beginning of another", "index-not-redundant", "- `idx_movements_place` ON (warehouse_id, product_id)", (("- `idx_movements_history` ON", "- `idx_movements_place` ON (warehouse_id, product_id) - by place\n- `idx_movements_history` ON"), ("  KEY idx_movements_history", "  KEY idx_movements_place (warehouse_id, product_id),\n  KEY idx_movements_history")), severity="warning"),
    Fault("an index serves nothing", "index-needed", "- `idx_products_price` ON (unit_price)", (("- `idx_products_category_name` ON", "- `idx_products_price` ON (unit_price) - by price\n- `idx_products_category_name` ON"), ("  KEY idx_products_category_name", "  KEY idx_products_price (unit_price),\n  KEY idx_products_category_name")), severity="warning"),
    Fault("the partitioning plan does not fit the tables", "partition-plan-applies", "ALTER TABLE stock_movements PARTITION BY", (("## Data integrity rules", "## Scaling strategy\n\n### Partitioning plan\n```sql\nALTER TABLE stock_movements PARTITION BY RANGE (YEAR(moved_at)) (PARTITION p2026 VALUES LESS THAN (2027));\n```\n\n## Data integrity rules"),)),
    Fault("a table has no purpose", "document-complete", "### Table: warehouses", (("**Purpose:** One row for each place with shelves.\n", ""),), severity="warning"),
)  # fmt: skip

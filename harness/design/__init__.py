"""What the input says: tables, queries, migrations and claims, each with its line."""

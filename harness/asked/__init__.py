"""What a query asks of each table, in one vocabulary for all engines: conditions, order, and how many rows."""

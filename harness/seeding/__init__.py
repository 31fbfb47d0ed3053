"""Rows from one integer seed; knows schemas, not engines."""

"""Other tools' migration folders, read by their own rules; one module a tool. Files in, values out: no database."""

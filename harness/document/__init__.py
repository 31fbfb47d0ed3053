"""Markdown, read tolerantly and with its lines; no databases here."""

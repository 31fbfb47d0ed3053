"""Opinions: one file per check, found by looking; ``index_used.py`` is the check ``index-used``. No server here."""

"""Drills: what happens to a migration when something goes wrong in it, tried on a server that may be killed."""

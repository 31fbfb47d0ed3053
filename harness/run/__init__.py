"""What was seen: the plan carried out on a server, recorded as observations, without opinions."""

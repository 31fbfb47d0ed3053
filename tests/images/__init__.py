"""Container images made on this machine, of its own programs: for tests where no registry can be reached."""

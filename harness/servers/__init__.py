"""Where a disposable server comes from: a container, a local process, or a URL; no SQL here."""

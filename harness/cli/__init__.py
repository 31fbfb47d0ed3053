"""The command line: one file per command; options in, one pipeline call, a rendered report and an exit code out."""

from harness.cli.entry import main

__all__ = ["main"]

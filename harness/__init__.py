"""A database design document is a list of claims; the harness runs every claim on a real, disposable server.

The way in is :mod:`harness.pipeline`: it names the stages in their order.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("schema-harness")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0"

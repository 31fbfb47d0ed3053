"""A server that somebody else runs, given by its URL. It is used as it is and never stopped."""

from collections.abc import Callable

from harness.errors import HarnessError, InputError, ServerError
from harness.servers.databases import abandoned, forget
from harness.servers.model import Address, Recipe, Server
from harness.servers.ready import first_line, fitting


def external(recipe: Recipe, url: str, tell: Callable[[str], None]) -> Server:
    """The server at a URL, freed of the databases that runs which were killed have left there.

    Raises:
        InputError: the URL is not one of this engine's.
        ServerError: nobody answers there, the password is wrong, or the server is too old.
    """
    address = recipe.parse(url)
    if address is None:
        scheme = url.partition("://")[0] if "://" in url else url
        raise InputError(
            f"--server {scheme}: not a server of {recipe.engine}: give auto, docker, local or {recipe.engine}://…"
        )
    version = fitting(recipe, _asked(recipe, address), str(address))
    _sweep(recipe, address, tell)
    where = (
        f"{recipe.engine} {version} at {address}: "
        "databases named harness_… are made and dropped there, nothing else is changed"
    )

    def died() -> str | None:
        try:
            recipe.probe(address)
        except Exception as error:
            return f"it does not answer any more: {first_line(error)}"
        return None

    return Server(address, "url", version, None, where, died)


def _asked(recipe: Recipe, address: Address) -> str:
    try:
        return recipe.probe(address)
    except HarnessError:
        raise
    except Exception as error:
        raise ServerError(
            f"{address}: no connection: {first_line(error)}: check that it runs, its address, user and password"
        ) from error


def _sweep(recipe: Recipe, address: Address, tell: Callable[[str], None]) -> None:
    """Drop what killed runs of this user's have left on that server, by the notes that they made of it."""
    if recipe.drop is None:
        return
    for name in abandoned(address):
        try:
            recipe.drop(address, name)
        except HarnessError:
            raise
        except Exception as error:
            tell(f"the database {name}, left by a run that was killed, cannot be dropped: {first_line(error)}")
        else:
            forget(address, name)

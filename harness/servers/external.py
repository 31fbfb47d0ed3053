"""A server that somebody else runs, given by its URL. It is used as it is and never stopped."""

from harness.errors import HarnessError, InputError, ServerError
from harness.servers.model import Address, Recipe, Server
from harness.servers.ready import first_line, fitting


def external(recipe: Recipe, url: str) -> Server:
    """The server at a URL.

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

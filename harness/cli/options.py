"""The options that commands share, each with the same words everywhere."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from harness.checks.registry import catalogue
from harness.folders.read import TOOLS

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]


class DesignName(click.ParamType[str]):
    """A design's name or path; completes the names in ``designs/``, and files."""

    name = "design"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Names first; anything with a separator in it is a path."""
        names = sorted(path.stem for path in Path("designs").glob("*.md"))
        fitting = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return fitting or [CompletionItem(incomplete, type="file")]


class CheckNames(click.ParamType[tuple[str, ...]]):
    """One check, or several with commas between; each must be in the catalogue."""

    name = "check"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The names; a wrong one is answered with the nearest."""
        names = tuple(name.strip() for name in str(value).split(",") if name.strip())
        for name in names:
            if problem := unknown_check(name):
                self.fail(problem, param, ctx)
        return names

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """The check after the last comma."""
        before, comma, part = incomplete.rpartition(",")
        fitting = (check for check in catalogue() if check.name.startswith(part))
        return [CompletionItem(f"{before}{comma}{check.name}", help=check.question) for check in fitting]


def unknown_check(name: str) -> str | None:
    """What to say of a name that is no check; None when it is one."""
    names = [check.name for check in catalogue()]
    if name in names:
        return None
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else "`harness checks` lists them"
    return f"no such check: {name}; {hint}"


def _flat(ctx: click.Context, param: click.Parameter, value: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(name for names in value for name in names)


def _all(*decorators: Decorator[Any]) -> Decorator[Any]:
    def decorate(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


design = click.argument("design", type=DesignName())
designs = click.argument("designs", metavar="DESIGN...", nargs=-1, required=True, type=DesignName())

_engine = click.option(
    "--engine", metavar="ENGINE",
    help="Run on this engine (mariadb), not on the one that the document names.",
)  # fmt: skip

serving = _all(
    click.option(
        "--server", default="auto", show_default=True, metavar="auto|docker|local|URL",
        help="Where the server comes from; auto takes Docker when it is there, else local binaries.",
    ),
    _engine,
    click.option("--engine-version", metavar="VERSION", help="The server's version, such as 17."),
    click.option("--image", help="The image that a container is made from."),
    click.option("--keep", is_flag=True, help="Leave the server up at the end."),
)  # fmt: skip

staying = _all(
    click.option(
        "--server", default="auto", show_default=True, metavar="auto|URL",
        help="A server that stays up; auto takes the one that `harness server start` left up.",
    ),
    _engine,
)  # fmt: skip

folders = _all(
    click.option(
        "--tool", type=click.Choice(TOOLS), metavar="TOOL",
        help=f"The migration tool of a folder, when it is not found out: {', '.join(TOOLS)}.",
    ),
    click.option(
        "--placeholder", "placeholders", multiple=True, metavar="NAME=VALUE",
        help="A value for ${NAME} in a folder's migrations. Can be repeated.",
    ),
    click.option(
        "--python", type=click.Path(path_type=Path, dir_okay=False), metavar="PATH",
        help="The interpreter of the project's environment, for a tool that is written in Python.",
    ),
)  # fmt: skip

amounts = _all(
    click.option("--scenario", metavar="NAME|PATH", help="The scenario; by default the one named like the design."),
    click.option(
        "--rows", multiple=True, metavar="N|TABLE=N",
        help="How many rows: for every table that has no parents, or for one table. Can be repeated.",
    ),
    click.option("--seed", type=int, help="The number that all rows are made from."),
)  # fmt: skip

patience = click.option(
    "--statement-timeout", type=click.IntRange(1, 7 * 24 * 3600), metavar="SECONDS",
    help="How long a statement may take before it is ended; by default the scenario's, else 600.",
)  # fmt: skip

judging = _all(
    patience,
    click.option("--select", multiple=True, type=CheckNames(), callback=_flat, help="Only these checks."),
    click.option("--ignore", multiple=True, type=CheckNames(), callback=_flat, help="Not these checks."),
    click.option(
        "--fail-on", type=click.Choice(["broken", "warning", "unverified"]), default="broken", show_default=True,
        help="What makes the run fail: broken claims, warnings too, or whatever could not be checked too.",
    ),
)  # fmt: skip

report = click.option(
    "--report", "directory", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
    show_default=True, help="Where the report's files go, each design in a folder of its own.",
)  # fmt: skip

talking = _all(
    click.option("-q", "--quiet", is_flag=True, help="Only the verdict."),
    click.option("-v", "--verbose", is_flag=True, help="Everything: what holds, plans of queries, what was derived."),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
        help="auto: on a terminal, unless NO_COLOR is set.",
    ),
)  # fmt: skip

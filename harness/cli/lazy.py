"""A group of commands that are imported when they are called, so that ``--help`` and completion answer at once."""

import importlib
from collections.abc import Mapping
from difflib import get_close_matches

import click
from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """Commands by name: the module that has it as ``command``, and the line that the group's help shows for it."""

    def __init__(self, *, lazy: Mapping[str, tuple[str, str]], name: str, help: str, epilog: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, help=help, epilog=epilog, context_settings={"help_option_names": ["-h", "--help"]})
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names, in the order of the table."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command itself; its module is imported now."""
        if cmd_name not in self.lazy:
            return None
        command: click.Command = importlib.import_module(self.lazy[cmd_name][0]).command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names of commands from the table, with no module imported; options as click does."""
        found = [CompletionItem(n, help=line) for n, (_, line) in self.lazy.items() if n.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name offered for one that is not there."""
        if args and args[0] not in self.lazy and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.lazy, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there is: {', '.join(self.lazy)}"
            raise click.UsageError(f"no such command: {args[0]}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table, with no module imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.lazy.items()])

"""How commands with commands of their own are looked up and listed."""

import difflib

import click

OF_ANY_LENGTH = 10_000


class Group(click.Group):
    """Names what a mistyped command may have been meant for, and lists each with its whole first sentence."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as wrong:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if near:
                raise click.UsageError(f"{wrong.message} Did you mean {near[0]}?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        rows = [(name, each.get_short_help_str(OF_ANY_LENGTH)) for name, each in commands.items() if each is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

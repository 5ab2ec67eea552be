"""
The command line: `auditflow COMMAND`. Each command's module is imported only when it is called.

To add a command, add its line to `COMMANDS`.
"""

import importlib

import click

from auditflow import __version__
from auditflow.cli.base import store_options
from auditflow.cli.errors import in_words

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        "auditflow.cli.demo:demo",
        "Try it: made-up cases, some months of audits, the charts.",
    ),
    "init": ("auditflow.cli.setup:init_", "Make an empty store."),
    "people": ("auditflow.cli.people:people", "Who works here, stands in, leaves, may do what."),
    "import": ("auditflow.cli.setup:import_", "Take in a case list."),
    "round": ("auditflow.cli.rounds:round_", "Draw a month's audits at random, distribute, prove."),
    "audit": ("auditflow.cli.audits:audit", "One audit: what people do, and where it sits."),
    "action": ("auditflow.cli.audits:action", "One action of an audit's plan."),
    "escalation": ("auditflow.cli.audits:escalation", "One escalation of an audit."),
    "where": ("auditflow.cli.overview:where", "Where each audit sits."),
    "work": ("auditflow.cli.overview:work", "What you owe, overdue first."),
    "report": ("auditflow.cli.reports:report", "What a QA team asks: grades, lateness, themes …"),
    "export": ("auditflow.cli.reports:export", "Audits as a file, such as for an inspection."),
    "sweep": ("auditflow.cli.overview:sweep", "Raise what has fallen due."),
    "serve": ("auditflow.cli.serve:serve", "The pages, on this machine, for one person."),
    "worker": ("auditflow.cli.worker:worker", "Raise what falls due, on PostgreSQL, with others."),
    "verify": ("auditflow.cli.overview:verify", "Replay the history and report what disagrees."),
    "policy": ("auditflow.cli.policies:policy", "The numbers a council may set."),
    "config": ("auditflow.cli.setup:config", "How auditflow runs here."),
    "db": ("auditflow.cli.db:db", "The store itself: upgrade, back up, restore."),
    "doctor": ("auditflow.cli.doctor:doctor", "Is all well, and if not, what to type."),
    "deadline": ("auditflow.cli.deadline:deadline", "Work out a deadline and show the sum."),
    "chart": ("auditflow.cli.charts:chart", "Draw, show and check the flow charts."),
    "calendar": ("auditflow.cli.calendars:calendar", "The bank holidays deadlines are counted by."),
}
"""Name → where the click command is (module:attribute), and its line in `auditflow --help`."""

EXIT_CODES = """
\b
Exit codes: 0 fine, 1 failed, 2 wrong use, 3 not found, 4 not allowed,
            5 refused by the chart, 6 changed meanwhile.
"""


class LazyGroup(click.Group):
    """A group that lists its commands without importing them, and tells every failure in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        cmd_name: str,
    ) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        formatter: click.HelpFormatter,
    ) -> None:
        """The list of commands in `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Reads the options before the command."""
        with in_words():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Finds the command, reads its options and runs it."""
        with in_words():
            return super().invoke(ctx)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="auditflow")
@store_options
def main() -> None:
    """Carry live case-file audits through their two flow charts; escalate what is missed."""

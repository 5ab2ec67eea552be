import errno
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from auditflow import cli
from auditflow.calendar import utc_text
from auditflow.cli.base import COUNT, DATE, Globals, pass_globals, store_options
from auditflow.errors import ChangedMeanwhile, NotAllowed, NotFound, Refused

HEAVY = {
    "sqlalchemy",
    "graphviz",
    "pygraphviz",
    "statemachine",
    "transitions",
    "alembic",
    "python_calamine",
    "msgspec",
    "psycopg",
    "procrastinate",
    "structlog",
}


@click.group()
def trial() -> None:
    """Commands that only these tests have."""


@trial.command()
@pass_globals
@store_options
def options(given: Globals) -> None:
    now = utc_text(given.now) if given.now else None
    click.echo(json.dumps([given.db, given.person, now]))


@trial.command()
@click.argument("what")
def fail(what: str) -> None:
    failures: dict[str, BaseException] = {
        "missing": NotFound("There is no audit A-7."),
        "denied": NotAllowed("Ask the QA manager."),
        "refused": Refused("The meeting is not booked.", ("meeting_booked",)),
        "changed": ChangedMeanwhile("Look again."),
        "hostile": NotFound("No audit “\x1b[31m\u202etxt”.\nTry another."),
        "defect": ZeroDivisionError("division by zero"),
        "silent": ZeroDivisionError(),
        "interrupt": KeyboardInterrupt(),
        "disk": OSError(errno.ENOSPC, "No space left on device", "/srv/auditflow.db"),
        "pipe": BrokenPipeError(errno.EPIPE, "Broken pipe"),
        "question": click.Abort(),
    }
    raise failures[what]


@trial.command()
@click.argument("day", type=DATE)
@click.argument("n", type=COUNT, default=1)
def arguments(day: object, n: int) -> None:
    click.echo(f"{day} {n}")


@pytest.fixture(autouse=True)
def _trial_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli.COMMANDS, "trial", (f"{__name__}:trial", "Only for tests."))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments)


def start(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "auditflow", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **more},
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["deadline", "--from", "2026-04-02", "--months", "1"],
        ["deadline", "--help"],
        ["calendar", "show"],
    ],
)
def test_nothing_heavy_is_imported(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom auditflow.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    imported = set(done.stderr.split())
    assert "click" in imported
    assert not imported & HEAVY


def test_help_lists_commands_without_importing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli.COMMANDS, "ghost", ("auditflow.no_such_module:ghost", "Not there."))
    result = run("--help")
    assert result.exit_code == 0
    assert re.search(r"^  ghost +Not there\.$", result.stdout, re.MULTILINE)
    assert "Exit codes: 0 fine" in result.stdout


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_in_the_table_is_there_with_its_help(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name}")


def test_an_unknown_command_is_wrong_use() -> None:
    result = run("dedline")
    assert result.exit_code == 2
    assert "No such command 'dedline'" in result.stderr


def test_the_version() -> None:
    assert run("--version").stdout.startswith("auditflow, version ")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("trial options", [None, None, None]),
        ("--db a --as ann trial options", ["a", "ann", None]),
        ("trial options --db a --as ann", ["a", "ann", None]),
        ("--db a --as ann trial options --db b", ["b", "ann", None]),
        (
            "--now 2026-07-17T10:00 trial options --as bob",
            [None, "bob", "2026-07-17T09:00:00Z"],
        ),
        (
            "--now 2026-07-17T10:00Z trial options --now 2026-07-18T10:00Z",
            [None, None, "2026-07-18T10:00:00Z"],
        ),
    ],
)
def test_options_go_before_or_after_the_command(line: str, expected: list[str | None]) -> None:
    result = run(*line.split())
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == expected


@pytest.mark.parametrize(
    "line",
    [
        "--db x --as y deadline --from 2026-04-02 --months 1",
        "deadline --from 2026-04-02 --months 1 --db x --as y --now 2026-04-02T10:00Z",
        "calendar show --as y --now 2026-04-02T10:00Z",
    ],
)
def test_every_command_takes_the_options_of_all(line: str) -> None:
    assert run(*line.split()).exit_code == 0


@pytest.mark.parametrize("line", ["--now noon trial options", "trial options --now noon"])
def test_a_bad_instant_is_told_wherever_it_stands(line: str) -> None:
    result = run(*line.split())
    assert result.exit_code == 2
    assert result.stderr.startswith("auditflow: --now: “noon” is not a date and time;")


def test_arguments_are_named_in_messages() -> None:
    assert run("trial", "arguments", "2026-04-02").stdout == "2026-04-02 1\n"
    assert run("trial", "arguments", "soon").stderr.startswith("auditflow: DAY: “soon” is not")


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ("missing", 3, "auditflow: There is no audit A-7.\n"),
        ("denied", 4, "auditflow: Ask the QA manager.\n"),
        ("refused", 5, "auditflow: The meeting is not booked.\n"),
        ("changed", 6, "auditflow: Look again.\n"),
        ("hostile", 3, "auditflow: No audit “�[31m�txt”.\nTry another.\n"),
        (
            "disk",
            1,
            (
                "auditflow: The machine could not read or write: No space left on device"
                " (/srv/auditflow.db).\n"
            ),
        ),
        ("pipe", 1, ""),
        ("interrupt", 130, ""),
        ("question", 1, "Aborted!\n"),
    ],
)
def test_each_failure_has_its_words_and_its_exit_code(what: str, code: int, said: str) -> None:
    result = run("trial", "fail", what)
    assert (result.exit_code, result.stderr, result.stdout) == (code, said, "")


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        ("defect", "auditflow: ZeroDivisionError: division by zero. This is a defect in auditflow"),
        ("silent", "auditflow: ZeroDivisionError. This is a defect in auditflow"),
    ],
)
def test_a_defect_is_owned_without_a_traceback(
    what: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUDITFLOW_TRACEBACK", raising=False)
    result = run("trial", "fail", what)
    assert result.exit_code == 1
    assert result.stderr.startswith(begins)
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("AUDITFLOW_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in run("trial", "fail", what).stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["calendar", "show"], ["--help"]])
def test_a_full_disk_is_told_once(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "auditflow", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "auditflow: The machine could not read or write: No space left on device.\n"
    )


@pytest.mark.parametrize("arguments", [["calendar", "show"], ["--help"]])
def test_a_reader_that_has_gone_is_no_news(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "auditflow", *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


#: What runs in the background of a shell is told to heed no Ctrl-C; this heeds it.
HEEDING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from auditflow.cli import main
main()
"""


def test_control_c_ends_a_batch_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HEEDING, "deadline", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"from,rule,n,roll\n" + b"2026-04-02,months,1,\n" * 2_500)
        process.stdin.flush()
        process.stdout.readline()  # it is at work
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert (process.returncode, said) == (130, b"")


def test_json_is_utf8_on_any_terminal() -> None:
    done = start("calendar", "show", "--year", "2026", "--json", PYTHONIOENCODING="latin-1")
    assert json.loads(done.stdout)["holidays"][0]["title"] == "New Year’s Day"


def test_words_are_printed_on_a_terminal_that_lacks_letters() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auditflow", "calendar", "show", "--year", "2026"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=True,
    )
    assert b"New Year?s Day" in done.stdout

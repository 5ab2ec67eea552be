from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from auditflow import logs
from support.frozen import frozen_at

HOSTILE = 'CF-1\r\n{"event": "forged"}\x1b[31m\u202e\u2028"'


Stderr = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def stderr(capsys: Stderr) -> Iterator[Stderr]:
    yield capsys
    logs.end()


def lines(stderr: Stderr) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stderr.readouterr().err.splitlines()]


def test_nothing_is_logged_before_it_begins_nor_after_it_ended(stderr: Stderr) -> None:
    logs.note("swept", raised=1)
    logs.begin("info", "json")
    logs.end()
    logs.note("swept", raised=1)
    assert lines(stderr) == []
    assert not logs.for_machines()


def test_an_event_is_a_line_of_json_with_what_is_bound_and_the_time_in_utc(
    stderr: Stderr,
) -> None:
    logs.begin("info", "auto", command="sweep", run="1f", store="postgresql://qa:***@h/n")
    # A quarter past two in London, where summer has begun.
    with frozen_at("2026-03-29T01:15:00.5Z"):
        logs.note("swept", looked_at=3, raised=2, failed=0, seconds=0.25)
    (told,) = lines(stderr)
    assert told == {
        "timestamp": "2026-03-29T01:15:00.500000Z",
        "event": "swept",
        "level": "info",
        "looked_at": 3,
        "raised": 2,
        "failed": 0,
        "seconds": 0.25,
        "command": "sweep",
        "run": "1f",
        "store": "postgresql://qa:***@h/n",
    }


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_somebody_typed_cannot_make_a_line_of_its_own(stderr: Stderr, form: logs.Form) -> None:
    logs.begin("info", form, store=HOSTILE)
    logs.note("denied", person=HOSTILE)
    logging.getLogger("somebody.else").warning("said %s", HOSTILE)
    said = stderr.readouterr().err
    assert len(said.splitlines()) == 2
    assert said.replace("\n", "").isprintable()
    assert "CF-1\\\\r\\\\n" in said or "CF-1\\r\\n" in said


def test_what_is_long_is_cut(stderr: Stderr) -> None:
    logs.begin("info", "json")
    logs.note("denied", person="x" * 10_000)
    assert lines(stderr)[0]["person"] == "x" * logs.LONGEST + "…"


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_the_level_says_the_least_that_is_logged(
    stderr: Stderr, level: logs.Level, told: list[str]
) -> None:
    logs.begin(level, "json")
    for each in get_args(logs.Level):
        logs.note("x", each)
    assert [line["level"] for line in lines(stderr)] == told


def test_what_libraries_say_goes_the_same_way_without_what_an_exception_holds(
    stderr: Stderr,
) -> None:
    logs.begin("info", "json", run="1f")
    other = logging.getLogger("procrastinate.worker")
    other.info("chatter")
    try:
        int("what somebody wrote")
    except ValueError:
        other.exception("a job failed", stack_info=True)
    logging.getLogger("auditflow.worker").warning("the database is away; trying again")
    said = stderr.readouterr().err
    failed, away = map(json.loads, said.splitlines())
    assert (failed["event"], failed["error"], failed["level"]) == (
        "a job failed",
        "ValueError",
        "error",
    )
    assert "what somebody wrote" not in said
    assert (away["event"], away["run"]) == ("the database is away; trying again", "1f")


def test_beginning_again_logs_each_line_once(stderr: Stderr) -> None:
    logs.begin("info", "json")
    logs.begin("info", "json")
    logs.note("x")
    assert len(lines(stderr)) == 1


@pytest.mark.parametrize(
    ("form", "terminal", "machines"),
    [
        ("auto", True, False),
        ("auto", False, True),
        ("json", True, True),
        ("console", False, False),
    ],
)
def test_on_a_terminal_it_is_written_for_people_unless_set_otherwise(
    monkeypatch: pytest.MonkeyPatch,
    stderr: Stderr,
    form: logs.Form,
    terminal: bool,
    machines: bool,
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.begin("info", form)
    assert logs.for_machines() is machines
    logs.note("swept", raised=1)
    assert stream.getvalue().startswith("{") is machines
    assert ("\x1b[" in stream.getvalue()) is (terminal and not machines)


def test_a_command_that_logs_nothing_does_not_load_what_logs() -> None:
    script = (
        "import sys\nimport auditflow.cli.overview\nfrom auditflow import logs\n"
        "logs.note('x')\nprint('structlog' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"

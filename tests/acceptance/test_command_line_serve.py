"""`auditflow serve` as a person types it: a real process, asked over a real port."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from support.shell import Shell, plain

#: Seconds in which a process must have come up, or ended.
PATIENT = 60


class Page(NamedTuple):
    status: int
    body: str


class Running(NamedTuple):
    process: subprocess.Popen[str]
    port: int

    def asks(self, path: str, host: str = "127.0.0.1") -> Page:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENT)
        with closing(asked) as connection:
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            answer = connection.getresponse()
            return Page(answer.status, answer.read().decode())

    def ends(self, sign: signal.Signals) -> str:
        """Tell it to stop; what it logged."""
        self.process.send_signal(sign)
        _, said = self.process.communicate(timeout=PATIENT)
        assert self.process.returncode == 0, said
        return said


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.founded("2025-01-05T09:00")
    shell.drawn("2025-03", "2025-01-28T09:00", 3)
    shell.env |= {"AUDITFLOW_SWEEP_SECONDS": "1", "AUDITFLOW_COUNCIL": "Sandmouth"}
    return shell


@contextmanager
def serving(shell: Shell, *words: str, person: str = "qa1") -> Iterator[Running]:
    process = subprocess.Popen(
        shell.typed("serve", "--port", "0", "--as", person, *words),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=shell.full_env(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/", said)):
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            said += line
        yield Running(process, int(found[1]))
    finally:
        process.kill()
        process.communicate()


def test_it_serves_one_person_and_sweeps_meanwhile(shell: Shell) -> None:
    with serving(shell) as site:
        page = site.asks("/where")
        assert (page.status, "Sandmouth" in page.body) == (200, True)
        assert site.asks("/", host="evil.example").status == 400
        assert json.loads(site.asks("/livez").body) == {"live": True}
        assert json.loads(site.asks("/readyz").body) == {"ready": True}
        figures = {
            (s.name, *s.labels.values()): s.value
            for family in text_string_to_metric_families(site.asks("/metrics").body)
            for s in family.samples
        }
        assert figures["auditflow_audits", "selected"] == 3
        assert figures["auditflow_unraised_duties",] == 0
        assert figures["auditflow_requests_total", "where.board", "200"] == 1
        logged = site.ends(signal.SIGTERM)
    # The clock acted by itself: each audit of that long past month was never held.
    assert shell.told("qa1", "", "where")["escalations"]
    events = [json.loads(line) for line in logged.splitlines()]
    assert {"swept", "page"} <= {e["event"] for e in events}
    assert not re.search(r"2025-03-0\d\d", logged)


def test_an_interrupt_ends_it_too(shell: Shell) -> None:
    with serving(shell) as site:
        site.ends(signal.SIGINT)


def test_a_second_one_shows_the_store_and_leaves_the_sweep_to_the_first(shell: Shell) -> None:
    with serving(shell), serving(shell, person="qam") as second:
        assert second.asks("/").status == 200
        assert json.loads(second.asks("/readyz").body) == {"ready": True}


def test_it_is_not_ready_once_its_store_is_gone(shell: Shell) -> None:
    with serving(shell) as site:
        assert site.asks("/readyz").status == 200
        with shell.path.open("r+b") as file:
            file.truncate(100)
        for beside in ("-wal", "-shm"):
            shell.path.with_name(shell.path.name + beside).unlink(missing_ok=True)
        page = site.asks("/readyz")
        assert (page.status, json.loads(page.body)["ready"]) == (503, False)
        assert site.asks("/livez").status == 200


def test_what_cannot_be_served_is_told_first(shell: Shell) -> None:
    plain(shell.tries("nobody", "", "serve", "--port", "0"), 4, "nobody")
    with serving(shell) as site:
        taken = shell.process("serve", "--port", str(site.port), "--as", "qa1")
    assert taken.returncode == 2
    assert f"Port {site.port} cannot be used here. Give another with --port N." in taken.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("COLOUR", "#ffff00"), ("COLOUR", "blue"), ("LOGO", "/no/logo.svg"), ("COUNCIL", "x" * 61)],
)
def test_a_look_that_cannot_be_read_is_refused(shell: Shell, name: str, value: str) -> None:
    shell.env[f"AUDITFLOW_{name}"] = value
    refused = shell.tries("qa1", "", "serve", "--port", "0")
    assert refused.exit_code == 2
    assert name.lower() in refused.output.lower()

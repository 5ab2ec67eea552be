"""`auditflow serve` as a process of its own: who is served, what watchers are told, how it ends."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from support.shell import Shell, plain
from support.waiting import STUCK, until

HERE = "127.0.0.1"


class Answer(NamedTuple):
    status: int
    text: str
    headers: Mapping[str, str]


class Pages:
    """The pages that a process serves."""

    def __init__(self, process: subprocess.Popen[str], said: str) -> None:
        self.process, self.said = process, said
        found = re.search(rf"http://{HERE}:([0-9]+)/", said)
        assert found, said
        self.port = int(found[1])

    def get(self, path: str, host: str = "") -> Answer:
        calling = http.client.HTTPConnection(HERE, self.port, timeout=STUCK)
        calling.request("GET", path, headers={"Host": host or f"{HERE}:{self.port}"})
        answer = calling.getresponse()
        text = answer.read().decode()
        calling.close()
        return Answer(answer.status, text, dict(answer.getheaders()))

    def ready(self) -> bool:
        return self.get("/readyz").status == 200

    def swept(self) -> bool:
        return "auditflow_last_done_timestamp{" in self.get("/metrics").text

    def told_to_end(self, sign: signal.Signals = signal.SIGTERM) -> str:
        """Ends it as a service manager or Ctrl-C does; what it logged."""
        self.process.send_signal(sign)
        _, logged = self.process.communicate(timeout=STUCK)
        assert self.process.returncode == 0, logged
        return logged


@contextmanager
def served(shell: Shell, *words: str) -> Iterator[Pages]:
    process = subprocess.Popen(
        shell.typed(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=shell.full_env(), cwd=shell.folder,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C ends it." not in said:
            line = process.stdout.readline()
            assert line, said + process.communicate()[1]
            said += line
        yield Pages(process, said)
    finally:
        process.kill()
        process.communicate()


SERVE = ("serve", "--port", "0", "--as", "qa1")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A store with an audit of last year, overdue by the machine's own clock."""
    shell = Shell(tmp_path)
    shell.env |= {"AUDITFLOW_SWEEP_SECONDS": "1", "AUDITFLOW_COUNCIL": "Sandmouth"}
    shell.founded("2025-01-05T09:00")
    shell.drawn("2025-03", "2025-01-28T09:00")
    return shell


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["told", "Ctrl-C"])
def test_it_answers_one_person_on_this_machine_and_ends_when_told(
    shell: Shell, sign: signal.Signals
) -> None:
    with served(shell, *SERVE) as pages:
        assert f"Served on this machine only, to Qa1: http://{HERE}" in pages.said
        home = pages.get("/")
        assert (home.status, "<h1" in home.text, "Sandmouth" in home.text) == (200, True, True)
        assert "Server" not in home.headers
        logged = pages.told_to_end(sign)
    assert "Traceback" not in logged


def test_what_fell_due_is_raised_without_anybody_asking(shell: Shell) -> None:
    with served(shell, *SERVE) as pages:
        until(pages.swept, "it never swept")
        raised = [row for row in shell.dump()["escalations"] if "T6" in row]
        assert len(raised) == 1
        pages.told_to_end()
    assert "no faults" in shell.says("qam", "", "verify")


def test_where_another_process_sweeps_it_only_shows(shell: Shell) -> None:
    with served(shell, *SERVE) as first, served(shell, *SERVE) as second:
        alone = "Another process sweeps this store; these pages do only when it does not."
        assert (alone in first.said, alone in second.said) == (False, True)
        assert second.get("/").status == 200
        assert second.ready(), "what it does not do itself it does not answer for"
        second.told_to_end()
        sweep = shell.process("sweep", "--every", "1s")
        assert (sweep.returncode, sweep.stdout) == (1, "")
        assert "Another process sweeps" in sweep.stderr
        first.told_to_end()


def test_where_the_other_process_ends_it_sweeps_until_another_begins(shell: Shell) -> None:
    def swept() -> object:
        return shell.dump()["beats"]

    with served(shell, *SERVE) as first:
        until(first.swept, "it never swept")
        with served(shell, *SERVE) as second:
            first.told_to_end()
            last = swept()
            until(lambda: swept() != last, "nobody went on")
            assert second.ready()
            second.told_to_end()


def test_a_rehearsed_moment_stands_still(shell: Shell) -> None:
    before = shell.dump("access_log")
    with served(shell, *SERVE, "--now", "2025-02-03T09:00") as pages:
        assert "Where each audit sits" in pages.get("/where").text
        assert pages.ready()
        pages.told_to_end()
    assert shell.dump("access_log") == before


def test_a_store_moved_away_is_not_ready_but_the_process_lives(shell: Shell) -> None:
    with served(shell, *SERVE) as pages:
        until(pages.ready, "it never became ready")
        shell.path.rename(shell.folder / "elsewhere.db")
        answer = pages.get("/readyz")
        assert answer.status == 503
        assert json.loads(answer.text)["why"].startswith(f"There is no store at {shell.path}.")
        assert pages.get("/metrics").status == 503
        assert json.loads(pages.get("/livez").text) == {"live": True}
        (shell.folder / "elsewhere.db").rename(shell.path)
        until(pages.ready, "it never became ready again")
        pages.told_to_end()


def test_a_councils_logo_is_served_as_a_picture_that_may_run_nothing(shell: Shell) -> None:
    logo = shell.folder / "crest.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    shell.env |= {"AUDITFLOW_LOGO": str(logo), "AUDITFLOW_COLOUR": "#005a30"}
    with served(shell, *SERVE) as pages:
        answer, style = pages.get("/logo"), pages.get("/brand.css")
        pages.told_to_end()
    assert (answer.status, answer.text) == (200, logo.read_text())
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'"} <= set(policy)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "#005a30" in style.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("COLOUR", "#ffff00"), ("COLOUR", "blue"), ("LOGO", "/no/logo.svg"), ("COUNCIL", "x" * 61)],
)
def test_a_look_that_cannot_be_read_is_refused(shell: Shell, name: str, value: str) -> None:
    shell.env[f"AUDITFLOW_{name}"] = value
    plain(shell.tries("qa1", "", "serve", "--port", "0"), 2, f"AUDITFLOW_{name} “")


def test_watchers_get_figures_that_their_own_program_can_read(shell: Shell) -> None:
    with served(shell, *SERVE) as pages:
        until(pages.swept, "it never swept")
        pages.get("/where")
        answer = pages.get("/metrics")
        pages.told_to_end()
    assert answer.headers["Content-Type"].startswith("text/plain")
    found = {
        (s.name, *s.labels.values()): s.value
        for family in text_string_to_metric_families(answer.text)
        for s in family.samples
    }
    assert found["auditflow_audits", "selected"] == 1
    assert found["auditflow_unraised_duties",] == 0
    assert found["auditflow_requests_total", "where.board", "200"] == 1
    assert found["auditflow_last_done_timestamp", "sweep"] > 1_700_000_000
    for secret in ("CF-1001", "2025-03-001", "Qa1"):
        assert secret not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/", "/readyz", "/metrics", "/static/auditflow.css"])
def test_who_calls_it_by_another_name_is_turned_away(
    answering: Pages, host: str, path: str
) -> None:
    answer = answering.get(path, host)
    assert (answer.status, "Where each audit sits" in answer.text) == (400, False)


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    shell = Shell(tmp_path_factory.mktemp("named"))
    shell.founded("2025-01-05T09:00")
    with served(shell, *SERVE) as pages:
        yield pages


def test_requests_are_logged_without_what_was_asked_or_shown(shell: Shell) -> None:
    with served(shell, *SERVE) as pages:
        pages.get("/audits/2025-03-001?whose=Ann")
        pages.get("/audits?case=CF-1001")
        pages.get("/no-such-page/Ann")
        pages.get("/livez")
        logged = pages.told_to_end()
    lines = [json.loads(line) for line in logged.splitlines()]
    seen = [line for line in lines if line["event"] == "page"]
    assert [(s["method"], s["page"], s["status"]) for s in seen] == [
        ("GET", "audit.one", 200),
        ("GET", "audits.listed", 400),
        ("GET", "none", 404),
    ]
    assert all(s["ms"] >= 0 for s in seen)
    for secret in ("Ann", "CF-1001", "2025-03-001"):
        assert secret not in logged


def test_a_port_that_is_taken_is_told(shell: Shell) -> None:
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        port = other.getsockname()[1]
        done = shell.process("serve", "--port", str(port), "--as", "qa1")
    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr)["says"] == (
        f"Port {port} is taken, or not yours to use. Give another with --port N."
    )


@pytest.mark.parametrize(("who", "says"), [("", "--as"), ("nobody", "no person “nobody”")])
def test_nobody_unknown_is_served(shell: Shell, who: str, says: str) -> None:
    plain(shell.tries(who, "", "serve", "--port", "0"), 4, says)


def test_without_its_packages_it_says_what_to_type(shell: Shell) -> None:
    code = (
        "import sys; sys.modules['waitress'] = None\n"
        "import importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name: None if name == 'waitress' else found(name)\n"
        "from auditflow.cli import main; main()"
    )
    shell.env["AUDITFLOW_LOG_FORMAT"] = "console"
    python, *_ = shell.typed()
    done = subprocess.run(
        [python, "-c", code, *SERVE],
        capture_output=True, text=True, check=False, env=shell.full_env(), timeout=STUCK,
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip install 'casefile-auditflow[web]'" in done.stderr


def test_the_demo_ends_by_serving_what_it_made(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with served(shell, "demo", "--now", "2026-03-17T12:00") as pages:
        assert "to Tess" in pages.said
        page = pages.get("/where")
        assert (page.status, "17 March 2026" in page.text) == (200, True)
        pages.told_to_end()

"""A terminal to test in: one store, its files, and commands typed by people at moments."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result

from auditflow.cli import main
from auditflow.guidance.tool import ELEMENTS
from auditflow.policy import Policy
from auditflow.sampling import in_share
from support import stores
from support.office import PEOPLE
from support.waiting import STUCK

ANNEX_A = ("Child Unique ID", "Case Status", "Primary Need Code", "CIN Start Date",
           "CIN Closure Date", "Allocated Team", "Allocated Worker", "Service")  # fmt: skip

SMART = ("--what", "Update the chronology on Mosaic", "--success", "It covers twelve months",
         "--resources", "yes", "--realistic", "yes")  # fmt: skip

#: A sweep that waits no ten seconds for others to let go of the store.
_IMPATIENT = """
from auditflow.persistence import sqlite
sqlite.BUSY_MS = 100
from auditflow.cli import main
main()
"""

#: The audit that `under_way` leaves, and the moment it leaves it at.
UNDER_WAY, AT_NOON = "2026-03-001", "2026-03-10T12:00"


def unmoderated(month: str, size: int = 1) -> str:
    """A seed by which no audit of the round is moderated as a sample, which is one in ten."""
    share = Policy().moderation_share
    audits = [f"{month}-{n:03d}" for n in range(1, size + 1)]
    seeds = (f"seed {n}" for n in range(1_000))
    return next(s for s in seeds if not any(in_share(a, s, share) for a in audits))


Rows = Iterable[Mapping[str, object]]


class Shell:
    """`says` gives the words printed, `told` the JSON; `tries` gives whatever came of it."""

    def __init__(self, folder: Path, name: str = "office.db", url: str = "") -> None:
        self.folder = folder
        self.path = folder / name
        self.env = {"AUDITFLOW_DB": url or str(self.path), "AUDITFLOW_AS": ""}

    def tries(self, who: str, when: str, *words: str) -> Result:
        """Type a command as a person at a London moment (empty: at the clock's)."""
        typed = [*words, *(("--as", who) if who else ()), *_now(when)]
        return CliRunner().invoke(main, typed, env=self.env)

    def says(self, who: str, when: str, *words: str) -> str:
        """The words a command that succeeds prints."""
        result = self.tries(who, when, *words)
        assert (result.exit_code, result.exception) == (0, None), (words, result.output)
        return result.stdout

    def told(self, who: str, when: str, *words: str) -> Any:
        """The document a command that succeeds prints with --json."""
        result = self.tries(who, when, *words, "--json")
        assert (result.exit_code, result.exception) == (0, None), (words, result.output)
        return json.loads(result.stdout)

    def refuses(self, who: str, *words: str, code: int, says: str, when: str = AT_NOON) -> None:
        """A command is refused in one plain line that says this, and the store stays as it was."""
        kept = self.dump("access_log")
        plain(self.tries(who, when, *words), code, says)
        assert self.dump("access_log") == kept

    def process(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """The same in a process of its own, everything as typed."""
        return subprocess.run(
            self.typed(*words),
            capture_output=True, text=True, timeout=STUCK, check=False,
            env=self.full_env(), cwd=self.folder, **more,
        )  # fmt: skip

    @contextmanager
    def watching(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """`sweep --every …` in a process of its own, ended at last."""
        process = subprocess.Popen(
            [sys.executable, "-c", _IMPATIENT, "sweep", "--every", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.full_env(),
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def full_env(self) -> dict[str, str]:
        """The environment of a process, with this store in it."""
        return os.environ | self.env

    def typed(self, *words: str) -> list[str]:
        """What a process is started with."""
        return [sys.executable, "-m", "auditflow", *words]

    # Files.

    def csv(self, name: str, rows: Rows) -> str:
        """A CSV file of these rows; its path."""
        listed = list(rows)
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(listed[0]))
            out.writeheader()
            out.writerows(listed)
        return str(self.folder / name)

    def xlsx(self, name: str, rows: Rows, titles: Iterable[str] = ()) -> str:
        """An XLSX file of these rows, with title lines above; its path."""
        listed = list(rows)
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in [*([t] for t in titles), list(listed[0]), *(list(r.values()) for r in listed)]:
            sheet.append(line)
        book.save(self.folder / name)
        return str(self.folder / name)

    def dump(self, *without: str) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = [n for (n,) in database.execute(tables)]
            return {
                n: sorted(database.execute(f"SELECT * FROM {n}").fetchall(), key=repr)
                for n in names
                if n not in without
            }

    # Roads taken often.

    def _once(self, what: str, do: Callable[[Shell], None]) -> None:
        """What these commands leave in a file; typed once in each process, and copied."""
        if self.path.name != "office.db" or stores.kind != "sqlite":
            do(self)
            return
        stores.like(self.folder, what, lambda url: do(Shell(*_place(url))))

    def founded(self, when: str, *, rehearsal: bool = True) -> None:
        """An empty store and its people."""
        self._once(f"founded {when} {rehearsal}", lambda shell: shell._found(when, rehearsal))

    def _found(self, when: str, rehearsal: bool) -> None:
        self.says("", when, "init", *(("--rehearsal",) if rehearsal else ()))
        self.says("qa1", when, "people", "import", self.csv("people.csv", staff()))

    def drawn(self, month: str, when: str, size: int = 1) -> str:
        """A case list taken in and a round drawn; the first audit's reference."""
        self.says("qa1", when, "import", self.csv("cases.csv", cases(size)))
        self.says(
            "qa1",
            when,
            "round",
            "draw",
            "--month",
            month,
            "--size",
            str(size),
            "--seed",
            unmoderated(month, size),
        )
        return f"{month}-001"

    def held(self, month: str, meeting: str, drawn: str) -> str:
        """An audit under way: distributed, booked, file checked, begun, six elements recorded."""
        ref = self.drawn(month, f"{drawn}T09:00")
        self.says("qa1", f"{drawn}T10:00", "audit", "distribute", ref, "--auditor", "aud")
        self.says("aud", f"{drawn}T11:00", "audit", "book-meeting", ref, "--on", meeting)
        self.says("kw", f"{drawn}T12:00", "audit", "confirm-file-checked", ref)
        self.says("aud", f"{meeting}T10:00", "audit", "start-audit", ref, "--key-worker-present")
        self.elements(ref, f"{meeting}T10:30")
        return ref

    def under_way(self) -> None:
        """An audit under way on Tue 10 March 2026 at noon, with one immediate action."""
        self._once("under way", Shell._begin)

    def _begin(self) -> None:
        self.founded("2026-01-05T09:00")
        self.held("2026-03", "2026-03-10", "2026-01-28")
        self.immediate(UNDER_WAY, "2026-03-17", "2026-03-10T11:00")

    def elements(self, ref: str, when: str) -> None:
        """What was found for each of the six elements."""
        for element in ELEMENTS:
            found = ("--element", element.key, "--evidence", "Seen on the file.")
            self.says("aud", when, "audit", "record-findings", ref, *found)

    def immediate(self, ref: str, due: str, when: str) -> str:
        """An immediate action of the responsible manager; the words printed."""
        typed = ("--owner", "rm", "--due", due, "--immediate")
        return self.says("aud", when, "audit", "add-action", ref, *SMART, *typed)

    def agreed(self, ref: str, grade: str, when: str) -> str:
        """The grade they agree; the words printed."""
        typed = ("--grade", grade, "--impact", "The child is safer.")
        return self.says("aud", when, "audit", "agree-grade", ref, *typed)


def plain(result: Result, code: int, says: str) -> None:
    """One line on standard error that says this, nothing else, and no traceback."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert result.stderr.startswith("auditflow: ")
    assert result.stderr.count("\n") == 1
    assert says in result.stderr
    # Of words; a path may be of any length.
    assert len(re.sub(r"/\S+", "/", result.stderr)) < 700
    assert "Traceback" not in result.stderr
    assert "defect" not in result.stderr


def staff() -> Rows:
    """The people of the test office as rows of a list."""
    return [
        {
            "id": p.id,
            "name": p.name,
            "email": f"{p.id}@example.org",
            "roles": "; ".join(sorted(p.roles)),
            "team": p.team,
            "service": p.service,
            "line manager": p.line[0] if p.line else "",
            "trained": "Y" if p.trained else "N",
        }
        for p in PEOPLE
    ]


def cases(count: int = 1) -> Rows:
    """A case list with the headings of Annex A, list 6."""
    values = ("c) Child in need plan", "N1", "14/02/2024", "", "Able", "kw", "North")
    return [
        dict(zip(ANNEX_A, (f"CF-{1000 + n}", *values), strict=True)) for n in range(1, count + 1)
    ]


def plan(*rows: tuple[str, str]) -> Rows:
    """Actions agreed in supervision, each with its owner and date."""
    return [
        {"what": "Write the safety plan with the family", "success": "It is signed",
         "resources": "yes", "realistic": "yes", "owner": owner, "due": due}
        for owner, due in rows
    ]  # fmt: skip


def _place(url: str) -> tuple[Path, str]:
    path = stores.file_of(url)
    return path.parent, path.name


def _now(when: str) -> tuple[str, ...]:
    return ("--now", when) if when else ()

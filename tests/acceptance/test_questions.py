"""Each of the 28 questions has its command, and what it says is what the audits of the demo say."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditflow.audits import Audit
from auditflow.demo import tell
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.queries import Reading
from auditflow.reports import REPORTS
from support.asking import ask, listed
from support.questions import ASKS, DOCUMENT, NOW, QUESTIONS, asked, document


class Told(dict[str, Any]):
    """A report's tables by their titles, each a list of rows."""

    def figures(self, title: str) -> list[Any]:
        """The one row of a table of figures."""
        (row,) = self[title]
        found: list[Any] = row
        return found


class Demo:
    """The demo at one moment: what it prints, and the audits it holds."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "demo.db"
        self.app = tell(folder, NOW)
        person = ASKS
        self.references = [e.reference for e in listed(self.app, person)]
        self.audits: list[Audit] = [
            ask(self.app, person, Reading.audit, r) for r in self.references
        ]

    def report(self, name: str, *more: str, who: str = ASKS) -> Told:
        told = json.loads(asked(self.db, f"report {name}", *more, "--json", who=who))
        return Told({t["title"]: t["rows"] for t in told["tables"]})


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo"))
    yield made
    made.app.close()


def test_the_document_says_what_the_commands_print(demo: Demo) -> None:
    again = "write it anew: PYTHONPATH=tests python -m support.questions"
    assert DOCUMENT.read_text("utf-8") == document(lambda c: asked(demo.db, c)), again


def test_every_question_is_asked_and_every_report_answers_one() -> None:
    assert {q.n for q in QUESTIONS} == set(range(1, 29))
    named = {q.command.split()[1] for q in QUESTIONS if q.command.startswith("report ")}
    assert named == set(REPORTS)
    for name, made in REPORTS.items():
        n = int((made.__doc__ or "").partition(":")[0])
        assert any(q.n == n and q.command == f"report {name}" for q in QUESTIONS)


def test_what_comes_before_the_audit(demo: Demo) -> None:
    audits = demo.audits
    drawn = Counter(f"{a.month:%Y-%m}" for a in audits)
    assert {r[0]: r[1] for r in demo.report("distribution")["By audit month"]} == drawn
    waiting = sum(a.state in ("selected", "distributed") for a in audits)
    assert demo.report("meetings").figures("Meetings")[0] == waiting
    unchecked = sum(a.state == "meeting_booked" and not a.file_checked for a in audits)
    assert demo.report("file-checks").figures("File checks")[0] == unchecked
    changed = demo.report("cancellations")["Meetings changed"]
    assert sum(n for _, n in changed) == sum(a.rebooked for a in audits)


def test_what_was_held(demo: Demo) -> None:
    march = [a for a in demo.audits if f"{a.month:%Y-%m}" == "2026-03" and not a.set_aside]
    held = sum(a.held_on is not None for a in march)
    row = demo.report("completion")["All"][0]
    assert row == ["2026-03", len(march), held, round(100 * held / len(march), 1)]
    month = demo.report("month")
    assert month.figures("The month")[1] == sum(a.extended for a in demo.audits)
    assert month.figures("The month")[2] == sum(a.state == "exempted" for a in demo.audits)
    late = [r for r in demo.report("unsubmitted")["Each"] if r[4]]
    assert len(late) == sum(a.state == "in_audit" for a in demo.audits) > 0


def test_grades(demo: Demo) -> None:
    graded = [a for a in demo.audits if a.grade and a.held_on and not a.set_aside]
    year = next(r for r in demo.report("grades")["Trend"] if r[0] == "last 12 months")
    assert year[1] == len(graded) > 10
    counts = Counter(a.grade for a in graded)
    assert dict(zip(Grade, year[2::2], strict=True)) == {g: counts[g] for g in Grade}
    by_team = demo.report("grades", "--by", "team")
    assert sum(r[1] for r in by_team["By team, last 12 months"]) == len(graded)
    assert set(by_team) == {"Trend", "By team, last 12 months"}
    told = demo.report("disputes")
    assert sum(told.figures("Disputes")) == sum(a.disagreements for a in demo.audits)
    moderated = sum(a.moderation == "done" for a in demo.audits)
    assert demo.report("moderation").figures("Moderation")[0] == moderated > 0
    inadequate = demo.report("inadequate")
    assert inadequate.figures("Inadequate")[1] == counts[Grade.INADEQUATE]
    assert all(row[5] for row in inadequate["Each"])


def test_what_comes_after_the_audit(demo: Demo) -> None:
    duties = [o for a in demo.audits for o in a.duties]
    late = Counter(o.duty for o in duties if o.overdue_from <= NOW)
    assert (
        demo.report("immediate-actions").figures("Immediate actions")[2] == late["immediate_action"]
    )
    assert (
        demo.report("supervision").figures("Supervision reviews")[1] == late["supervision_review"]
    )
    agreed = demo.report("agreed-actions").figures("Agreed actions")
    assert agreed[2] == late["agreed_action"]
    moved = [x for a in demo.audits for x in a.actions if x.revised_on and not x.immediate]
    assert agreed[3] == len(moved) > 0
    owed = demo.report("owed")["Owed within 5 working days"]
    assert sum(r[2] for r in owed) == late.total() > 0


def test_what_is_escalated(demo: Demo) -> None:
    open_ = [e for a in demo.audits for e in a.escalations if e.level]
    told = demo.report("escalations")
    assert sum(r[2] for r in told["Open escalations"]) == len(open_) == len(told["Oldest first"])
    raised = [r[4] for r in told["Oldest first"]]
    assert raised == sorted(raised)
    concerns = [e for e in open_ if e.trigger == "T2"]
    assert demo.report("concerns").figures("Immediate concerns")[0] == len(concerns)
    high = [r for r in demo.report("directors")["Each"] if r[6] == "open"]
    assert len(high) == sum(e.level >= 4 for e in open_ if e.level) > 0


def test_who_and_what_about(demo: Demo) -> None:
    auditors = demo.report("auditors")["Each; 4 live audits or more are many"]
    live = ("distributed", "meeting_booked", "in_audit")
    assert sum(r[1] for r in auditors) == sum(a.state in live for a in demo.audits if a.auditor)
    held = [a for a in demo.audits if a.held_on and not a.set_aside]
    themes = demo.report("themes")["Elements, most to change first"]
    assert {r[0] for r in themes} == {e.title for e in ELEMENTS}
    assert all(r[1] == len(held) for r in themes)
    feedback = demo.report("feedback").figures("Feedback explored")
    assert feedback[:3] == [
        len(held), *(sum(a.feedback_explored == said for a in held) for said in ("yes", "no"))
    ]  # fmt: skip
    coverage = demo.report("coverage")
    assert sum(r[2] for r in coverage["By team"]) == sum(a.held_on is not None for a in demo.audits)
    gone = demo.report("withdrawals").figures("Withdrawn")
    withdrawn = sum(a.state == "withdrawn" for a in demo.audits)
    assert gone[:2] == [len(demo.audits), withdrawn]


def test_the_export_has_each_audit_held_in_those_months(demo: Demo) -> None:
    command = next(q.command for q in QUESTIONS if q.n == 25)
    rows = list(csv.DictReader(io.StringIO(asked(demo.db, command).removeprefix("\ufeff"))))
    assert len(rows) == sum(a.held_on is not None for a in demo.audits) > 10
    assert all(r["Child Unique ID"].startswith("CF-") for r in rows)


@pytest.mark.parametrize("name", REPORTS)
def test_a_head_of_service_is_told_of_their_own_service_only(demo: Demo, name: str) -> None:
    printed = asked(demo.db, f"report {name}", "--json", who="hugo")
    others = {r for r, a in zip(demo.references, demo.audits, strict=True)
              if a.service != "Corporate Parenting"}  # fmt: skip
    named = {r for r in others if f'"{r}"' in printed}
    heads = {r for r, a in zip(demo.references, demo.audits, strict=True)
             if a.auditor_service == "Corporate Parenting"}  # fmt: skip
    assert not named - heads

"""The audit tool is recorded part by part or as a whole; what is not given stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditflow.commands import ElementFinding, ToolParts
from auditflow.commands.meeting import RecordFindings
from auditflow.errors import BadInput, NotAllowed, Refused
from auditflow.exchange.tool_file import read_tool, tool_csv
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade
from auditflow.queries import audit_detail
from support.asking import ask
from support.checks import check_store, dump
from support.office import Office

DAY = "2026-03-10 12:00"


@pytest.fixture
def ref(office: Office) -> str:
    return office.held("2026-03", "2026-03-10", "2026-01-28")


def record(office: Office, ref: str, by: str = "aud", **parts: Any) -> None:
    office.do(RecordFindings(audit=ref, **parts), by, DAY)


def shown(office: Office, ref: str) -> ToolParts:
    app = office.app
    return ask(app, "qa1", audit_detail, ref).content.parts


FULL = ToolParts(
    elements=tuple(
        ElementFinding(
            element=e.key,
            evidence=f"=Evidence for {e.title}, in “quotes”\nand two lines",
            strengths="- Clear recording",
            change="Say more about the plan.",
            grade=grade,
        )
        for e, grade in zip(ELEMENTS, (*Grade, None, None), strict=True)
    ),
    record_quality=tuple((p.key, "@ both visits") for p in RECORD_POINTS),
    indicators=tuple((q.key, a) for q, a in zip(INDICATORS, [*Answer, *Answer], strict=False)),
    feedback_explored="yes",
    feedback="She feels heard.",
    signs_of_safety="no",
    good_practice="Direct work with the father.",
)


def test_a_whole_tool_is_recorded_at_once_and_shown_again(office: Office, ref: str) -> None:
    record(office, ref, file=FULL)
    assert shown(office, ref) == FULL
    audit = office.audit(ref)
    assert "She feels heard." not in repr(audit)
    assert (audit.tool_version, audit.guidance_version) == ("January 2020, form 1", "January 2020")
    check_store(office, DAY)


def test_each_part_may_be_recorded_alone_and_leaves_the_others(office: Office, ref: str) -> None:
    before_it = office.audit(ref)
    record(office, ref, indicator=(("chronology", Answer.PARTLY),))
    record(office, ref, indicator=(("permanence", Answer.NO), ("chronology", Answer.YES)))
    record(office, ref, record_quality=(("procedures", "Followed."),))
    record(office, ref, feedback_explored="no", feedback="The family moved that week.")
    record(office, ref, signs_of_safety="yes")
    record(office, ref, good_practice="Letters to the child.")
    said = shown(office, ref)
    assert dict(said.indicators) == {"permanence": Answer.NO, "chronology": Answer.YES}
    assert said.record_quality == (("procedures", "Followed."),)
    assert (said.feedback_explored, said.feedback) == ("no", "The family moved that week.")
    assert (said.signs_of_safety, said.good_practice) == ("yes", "Letters to the child.")
    assert office.audit(ref).findings == before_it.findings
    check_store(office, DAY)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, "Nothing to record is given"),
        ({"evidence": "Seen."}, "Which element"),
        ({"element": "engagement"}, "evidence is empty"),
        ({"element": "outcomes", "evidence": "x"}, "none of the six: risk_and_assessment"),
        ({"record_quality": (("dates", "x"),)}, "--record-quality “dates” is none of"),
        ({"record_quality": (("procedures", " "),)}, "procedures is empty"),
        ({"indicator": (("dates", Answer.NO),)}, "--indicator “dates” is none of"),
        ({"indicator": (("chronology", Answer.NO), ("chronology", Answer.YES))}, "given twice"),
        ({"feedback_explored": "no"}, "why they were not asked"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_changes_nothing(
    office: Office, ref: str, parts: dict[str, Any], says: str
) -> None:
    before_it = dump(office)
    with pytest.raises(BadInput, match=says):
        record(office, ref, **parts)
    assert dump(office) == before_it


def test_the_tool_is_the_auditors_and_only_while_the_audit_is_under_way(
    office: Office, ref: str
) -> None:
    with pytest.raises(NotAllowed):
        record(office, ref, by="kw", signs_of_safety="yes")
    booked = office.booked("2026-04", "2026-04-10", "2026-02-20")
    with pytest.raises(Refused):
        record(office, booked, signs_of_safety="yes")


def test_a_tool_written_as_csv_reads_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "tool.csv"
    file.write_text(tool_csv(FULL), encoding="utf-8", newline="")
    assert "\n=" not in file.read_text(encoding="utf-8").replace('"', "\n")
    assert read_tool(file) == FULL


def test_an_empty_tool_asks_everything_and_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "tool.csv"
    file.write_text(tool_csv(ToolParts()), encoding="utf-8", newline="")
    assert all(q.asks in file.read_text("utf-8") for q in (*INDICATORS, *RECORD_POINTS))
    with pytest.raises(BadInput, match="not filled in"):
        read_tool(file)


def test_all_that_is_wrong_in_a_tool_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "tool.csv"
    file.write_text(
        "Part,Item,Answer,Grade\n"
        "element,engagement,Seen.,excellent\n"
        "element,Multi-agency working,,good\n"
        "indicator,chronology,mostly,\n"
        "outcome,x,y,\n"
        "signs of safety,,perhaps,\n"
    )
    with pytest.raises(BadInput) as told:
        read_tool(file)
    words = str(told.value)
    assert [n for n in range(2, 7) if f"row {n}:" in words] == [2, 3, 4, 5, 6]
    assert "excellent" in words
    assert "write the evidence" in words
    assert "mostly" in words
    assert "none of: element, record quality" in words
    assert "neither yes nor no" in words

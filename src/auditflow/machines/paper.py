"""The charts as typed by hand (CSV) compared with the charts that run.

The paper is in words. A small vocabulary here puts them into the notation's terms; what it does
not know is itself a difference. The column `only_when` is for people and is not compared.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from auditflow.calendar import By, Months, WorkingDays
from auditflow.machines.charts import CHARTS
from auditflow.machines.rows import Duty, Reminder, Row, Up

#: Each chart's file of arrows, and the module to change where the paper is right.
ARROWS: Final = {
    "audit": "audit_process.csv",
    "action": "action.csv",
    "escalation": "escalation.csv",
}
DUTIES: Final = "duties.csv"

_LEVELS: Final = ("level_1", "level_2", "level_3", "level_4", "level_5")
_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "each level": _LEVELS,
    "each level once answered": _LEVELS,
    "level_1 to level_4": _LEVELS[:4],
    "level_4 (T2)": ("level_4",),
    "any but the three exits": (
        "selected",
        "distributed",
        "meeting_booked",
        "in_audit",
        "post_audit",
        "awaiting_verification",
        "closed",
    ),
}
_LIMITS: Final = {
    "1 month before (rolled back)": "1 month before",
    "1 month (rolled on)": "1 month",
    "by the meeting": "by the date given",
    "last day of the audit month or extension": "by the date given",
    "its own date (at most 1 month after supervision)": "by the date given",
    "by midnight": "by the date given, any day",
    "end of the next working day": "1 working day, any day",
    "the action's date or 2 working days after it was done if later": (
        "2 working days, at least due_on"
    ),
}
_MOMENTS: Final = {
    "first day of the audit month": "month",
    "distribution": "distributed_on",
    "the meeting": "meeting_on",
    "the audit month": "hold_by",
    "the audit": "held_on",
    "supervision": "due_on",  # supervision gives the action the date it is owed by
    "done": "done_on",
    "submission": "moderation_asked_on",  # what is submitted is asked to be moderated then
    "all done": "all_done_on",
    "the day the level was told": "window_from",
    "the concern": "told_on",
    "the answer": "answered_on",
}
_MISSED: Final = {
    "reminder (2 working days before; a finding)": "reminder 2 working days before",
    "T8 to level 4": "T8 up",
    "up one level": "up",
}

Key = tuple[str, ...]
Said = tuple[str, ...]


def differences(folder: Path) -> list[str]:
    """Where the paper in `folder` and the code differ, each in a sentence with what to change."""
    found = []
    for chart, name in ARROWS.items():
        paper = _read(folder / name, ("event", "from", "to", "who", "raises", "source"))
        if isinstance(paper, str):
            found.append(paper)
            continue
        code = [_arrow(row) for row in CHARTS[chart].rows]
        columns = ("who", "raises", "source")
        typed = [r for line in paper for r in _typed_arrows(line)]
        found += _compared(name, _grouped(typed), _grouped(code), columns)
    duties = _read(folder / DUTIES, ("duty", "chart", "while", *_DUTY_COLUMNS[1:]))
    if isinstance(duties, str):
        return [*found, duties]
    code = [_duty(chart, duty) for chart, c in CHARTS.items() for duty in c.duties]
    return found + _compared(
        DUTIES, _grouped(map(_typed_duty, duties)), _grouped(code), _DUTY_COLUMNS
    )


_DUTY_COLUMNS: Final = ("while", "who", "within", "since", "met_by", "if_missed", "source")


def _read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]] | str:
    """The rows of one CSV, or the sentence that says why there are none."""
    if not path.is_file():
        return f"{path} is missing: type the chart there by hand from the guidance."
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lacking = [c for c in columns if not rows or c not in rows[0]]
    if lacking:
        return f"{path} lacks the column {' and '.join(lacking)}: add it to its first line."
    return [{k: (v or "").strip() for k, v in row.items() if k} for row in rows]


def _typed_arrows(line: Mapping[str, str]) -> Iterable[tuple[Key, Said]]:
    said = (_some(line["who"]), line["raises"], _kind(line["source"]))
    for start in _places(line["from"]):
        for end in _ends(line["to"], start):
            yield (line["event"], start, end), said


def _ends(words: str, start: str) -> tuple[str, ...]:
    if words == "same":
        return (start,)
    if words == "any higher level":
        return _LEVELS[_LEVELS.index(start) + 1 :] if start in _LEVELS else (words,)
    return _places(words)


def _places(words: str) -> tuple[str, ...]:
    parts = [words] if words in _PLACES else [w.strip() for w in words.split(";")]
    return tuple(p for w in parts for p in _PLACES.get(w, (w,)))


def _some(words: str) -> str:
    return " or ".join(sorted(w.strip() for w in re.split(r"\bor\b", words) if w.strip()))


def _kind(words: str) -> str:
    """`guidance for T1; otherwise chosen` is an arrow of the guidance, as the drawing shows it."""
    return words.partition(" ")[0].strip(";,")


def _arrow(row: Row) -> tuple[Key, Said]:
    kind = "guidance" if row.solid else row.source[0].kind
    who = " or ".join(sorted(row.by))
    return (row.event, row.start, row.end), (who, str(row.raises or ""), kind)


def _typed_duty(line: Mapping[str, str]) -> tuple[Key, Said]:
    return (line["duty"], line["chart"]), (
        "; ".join(sorted(_places(line["while"]))),
        _some(line["who"]),
        _LIMITS.get(line["within"], line["within"]),
        _MOMENTS.get(line["since"], line["since"]),
        _some(line["met_by"]),
        _MISSED.get(line["if_missed"], line["if_missed"]),
        _kind(line["source"]),
    )


def _duty(chart: str, duty: Duty) -> tuple[Key, Said]:
    solid = any(s.kind == "guidance" for s in duty.source)
    return (duty.name, chart), (
        "; ".join(sorted(s.name for s in duty.states)),
        " or ".join(sorted(duty.by)),
        _limit(duty),
        duty.since,
        " or ".join(sorted(duty.met_by)),
        _missed(duty),
        "guidance" if solid else duty.source[0].kind,
    )


def _limit(duty: Duty) -> str:
    assert isinstance(duty.within, By | Months | WorkingDays)
    words = duty.within.words + (", any day" if duty.any_day else "")
    return words + (f", at least {duty.at_least}" if duty.at_least else "")


def _missed(duty: Duty) -> str:
    match duty.missed:
        case Reminder():
            return f"reminder {duty.ahead} working days before" if duty.ahead else "reminder"
        case Up(trigger):
            return f"{trigger} up" if trigger else "up"
        case trigger:
            return str(trigger)


def _grouped(rows: Iterable[tuple[Key, Said]]) -> dict[Key, list[Said]]:
    found: dict[Key, list[Said]] = defaultdict(list)
    for key, said in rows:
        found[key].append(said)
    return {key: sorted(said) for key, said in found.items()}


def _compared(
    name: str,
    paper: Mapping[Key, list[Said]],
    code: Mapping[Key, list[Said]],
    columns: tuple[str, ...],
) -> list[str]:
    found = [
        f"{name}: the paper has “{_named(key)}” and the code has not: add the line to the chart,"
        " or take the row out of the paper."
        for key in paper
        if key not in code
    ]
    found += [
        f"{name}: the code has “{_named(key)}” and the paper has not: add the row to the paper,"
        " or take the line out of the chart."
        for key in code
        if key not in paper
    ]
    for key in paper:
        if key in code and paper[key] != code[key]:
            found.append(f"{name}: “{_named(key)}”: {_apart(paper[key], code[key], columns)}")
    return found


def _named(key: Key) -> str:
    return f"{key[0]}: {' → '.join(key[1:])}"


def _apart(paper: list[Said], code: list[Said], columns: tuple[str, ...]) -> str:
    """What the two say in the columns where they differ."""
    if len(paper) != len(code):
        return f"the paper has {len(paper)} of it, the code {len(code)}: add or take out a row."
    apart = [
        f"in {column} the paper says “{p}”, the code “{c}”"
        for typed, coded in zip(paper, code, strict=True)
        for column, p, c in zip(columns, typed, coded, strict=True)
        if p != c
    ]
    return f"{'; '.join(apart)}: correct the one that misreads the guidance."

"""The charts as typed by hand (CSV) compared with the charts that run.

The paper is in words. A vocabulary beside it puts them into the notation's terms; what it does not
know is itself a difference. The column `only_when` is for people and is not compared.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from auditflow.calendar import By, Months, WorkingDays
from auditflow.drawing.labels import solid
from auditflow.guidance.citation import Source
from auditflow.machines.charts import CHARTS
from auditflow.machines.rows import Duty, Reminder, Row, Up

#: Each chart's paper: its arrows, and its duties as the lines that say a limit.
PAPER: Final = {
    "audit": "audit_process.csv",
    "action": "action.csv",
    "escalation": "escalation.csv",
}
_ARROWS: Final = ("who", "raises", "source")
_DUTIES: Final = ("from", "who", "within", "since", "met_by", "if_missed", "source")
#: How the paper's words are put into the notation's terms, kept beside the paper.
VOCABULARY: Final = "vocabulary.csv"

_ALL_BUT: Final = "all but "

Vocabulary = Mapping[str, Mapping[str, str]]
Key = tuple[str, ...]
Said = tuple[str, ...]


def differences(folder: Path) -> list[str]:
    """Where the paper in `folder` and the code differ, each in a sentence with what to change."""
    vocabulary = _vocabulary(folder / VOCABULARY)
    if isinstance(vocabulary, str):
        return [vocabulary]
    found = []
    for chart, name in PAPER.items():
        lines = read(folder / name, ("event", "to", "raises", *_DUTIES))
        found += [lines] if isinstance(lines, str) else _of_chart(chart, name, lines, vocabulary)
    return found


def _of_chart(
    chart: str, name: str, lines: Iterable[Mapping[str, str]], known: Vocabulary
) -> list[str]:
    typed = list(lines)
    arrows = [r for line in typed if not line["within"] for r in _typed_arrows(line, known)]
    duties = [_typed_duty(line, known) for line in typed if line["within"]]
    rows, owed = map(_arrow, CHARTS[chart].rows), map(_duty, CHARTS[chart].duties)
    return [
        *_compared(name, _grouped(arrows), _grouped(rows), _ARROWS),
        *_compared(name, _grouped(duties), _grouped(owed), _DUTIES),
    ]


def _vocabulary(path: Path) -> Vocabulary | str:
    """What the words of each column mean."""
    lines = read(path, ("column", "words", "means"))
    if isinstance(lines, str):
        return lines
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        found[line["column"]][line["words"]] = _without(line["means"])
    return found


def _without(means: str) -> str:
    """`all but a; b` as the other states of the chart that has these, where things can stand."""
    if not means.startswith(_ALL_BUT):
        return means
    left_out = {w.strip() for w in means.removeprefix(_ALL_BUT).split(";")}
    charts = [c for c in CHARTS.values() if left_out <= set(c.states)]
    states = [s for c in charts for s in c.states.values() if not s.initial]
    return "; ".join(s.name for s in states if s.name not in left_out)


def read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]] | str:
    """The rows of one CSV, or the sentence that says why there are none."""
    if not path.is_file():
        return f"{path} is missing: type the chart there by hand from the guidance."
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lacking = [c for c in columns if not rows or c not in rows[0]]
    if lacking:
        return f"{path} lacks the column {' and '.join(lacking)}: add it to its first line."
    return [{k: (v or "").strip() for k, v in row.items() if k} for row in rows]


def _typed_arrows(line: Mapping[str, str], known: Vocabulary) -> Iterable[tuple[Key, Said]]:
    said = (_some(line["who"]), line["raises"], _kind(line["source"]))
    for start in _places(line["from"], known):
        for end in _ends(line["to"], start, known):
            yield (line["event"], start, end), said


def _ends(words: str, start: str, known: Vocabulary) -> tuple[str, ...]:
    if words == "same":
        return (start,)
    higher = known["higher than"].get(start)
    if words == "any higher level" and higher is not None:
        return _places(higher, known)
    return _places(words, known)


def _places(words: str, known: Vocabulary) -> tuple[str, ...]:
    words = known["place"].get(words, words)
    named = (w.strip() for w in words.split(";"))
    return tuple(known["place"].get(name, name) for name in named if name)


def _some(words: str) -> str:
    return " or ".join(sorted(w.strip() for w in re.split(r"\bor\b", words) if w.strip()))


def _kind(words: str) -> str:
    """`guidance for T1; otherwise chosen` is an arrow of the guidance, as the drawing shows it."""
    return words.partition(" ")[0].strip(";,")


def _arrow(row: Row) -> tuple[Key, Said]:
    said = (" or ".join(sorted(row.by)), str(row.raises or ""), _drawn(row.source))
    return (row.event, row.start, row.end), said


def _drawn(sources: Sequence[Source]) -> str:
    """The kind of source by which a line is drawn: the guidance, wherever it is one of them."""
    return "guidance" if solid(sources) else sources[0].kind


def _typed_duty(line: Mapping[str, str], known: Vocabulary) -> tuple[Key, Said]:
    return (line["event"], "duty"), (
        "; ".join(sorted(_places(line["from"], known))),
        _some(line["who"]),
        known["limit"].get(line["within"], line["within"]),
        known["moment"].get(line["since"], line["since"]),
        _some(line["met_by"]),
        known["missed"].get(line["if_missed"], line["if_missed"]),
        _kind(line["source"]),
    )


def _duty(duty: Duty) -> tuple[Key, Said]:
    return (duty.name, "duty"), (
        "; ".join(sorted(s.name for s in duty.states)),
        " or ".join(sorted(duty.by)),
        _limit(duty),
        duty.since,
        " or ".join(sorted(duty.met_by)),
        _missed(duty),
        _drawn(duty.source),
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
) -> Iterator[str]:
    for key in dict.fromkeys((*paper, *code)):
        said = f"“{key[0]}: {' → '.join(key[1:])}”"
        if key not in code:
            yield (
                f"{name}: the paper has {said} and the code has not: add the line to the chart,"
                " or take the row out of the paper."
            )
        elif key not in paper:
            yield (
                f"{name}: the code has {said} and the paper has not: add the row to the paper,"
                " or take the line out of the chart."
            )
        elif paper[key] != code[key]:
            yield f"{name}: {said}: {_apart(paper[key], code[key], columns)}"


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

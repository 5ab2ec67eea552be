"""The SMART test of an action, as the guidance's five questions turned into checks (SMART, 1 to 5).

What the text of an action alone can show is checked here; whether its date keeps within the limits
is for the one who knows the audit.
"""

import re
import unicodedata
from datetime import date
from typing import Final, NamedTuple

from auditflow.calendar import parse_date
from auditflow.errors import BadInput
from auditflow.guidance import parts

SHORTEST_ACTION: Final = 15
"""Characters below which an action cannot say clearly what is to be done."""

CROWDED_DAY: Final = 5
"""Actions one owner can have due on one day before it is worth asking whether that is realistic."""

_QUOTED: Final = 60
_SAYS_MORE: Final = 4  # words beside a vague phrase, from which the action says something after all

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TWO_PEOPLE: Final = re.compile(r"\s(?:and|or|with)\s|[&/;+]", re.IGNORECASE)

_NO_DATE: Final = re.compile(
    r"a\.?s\.?a\.?p\b|as soon as|urgent|immediate|ongoing|on-going|continu|tb[acd]\b"
    r"|to be (?:confirmed|agreed|decided)|in due course|next (?:supervision|visit|meeting|review)"
    r"|soon|end of|when(?:ever)? (?:possible|able)|straight ?away|right away|now\b",
    re.IGNORECASE,
)

_LISTS: Final = parts("smart")
_NO_ANSWER: Final = {"", *_LISTS["no_answer"].points}
_NOBODY: Final = {*_NO_ANSWER, *_LISTS["nobody"].points}
_VAGUE: Final = _LISTS["vague"].points
_DOING: Final = frozenset(_LISTS["doing"].text.split())


class Findings(NamedTuple):
    """What stops an action from being SMART, and what a person should look at again."""

    refused: list[str]
    doubts: list[str]


def timescale(text: str, field: str = "timescale") -> date:
    """Read the day by which an action is due, written 2026-03-17 (SMART, 5).

    BadInput for anything that is no date, 'ASAP' above all; `field` names the box on the form.
    """
    said = text.strip()
    if _DATE.fullmatch(said):
        return parse_date(said, field)
    form = "write the day it is due, such as 2026-03-17"
    if not said:
        raise BadInput(f"The {field} is empty; {form}.")
    if _NO_DATE.search(unicodedata.normalize("NFKC", said)):
        raise BadInput(
            f"“{_short(said)}” is not a {field}: the guidance wants a deadline and not 'ASAP' "
            f"(SMART, 5); {form}."
        )
    raise BadInput(f"The {field} “{_short(said)}” is not a date (SMART, 5); {form}.")


def problems(
    *,
    what: str,
    success: str,
    resources: str,
    realistic: str,
    owner: str,
    same_day: int = 0,
    shortest: int = SHORTEST_ACTION,
    crowded: int = CROWDED_DAY,
) -> Findings:
    """Judge an action's texts (SMART, 1 to 5), each finding a sentence for the person typing.

    `owner` is the name given; `same_day` counts the owner's other actions due on the same day;
    `shortest` and `crowded` take the place of the usual numbers where a council set others.
    """
    answers = (
        _specific(what, shortest),
        _measurable(what, success),
        _achievable(resources),
        _realistic(realistic),
        _owned(owner),
    )
    refused = [sentence for sentence in answers if sentence]
    return Findings(refused, [*_vague(what), *_crowded(owner, same_day, crowded)])


def _specific(what: str, shortest: int) -> str | None:
    if len(" ".join(what.split())) >= shortest and len(_words(what)) > 1:
        return None
    return (
        f"Specific: say in at least {shortest} characters what is to be done, beginning "
        "with a doing word, such as “Complete the chronology from 2019” (SMART, 1)."
    )


def _measurable(what: str, success: str) -> str | None:
    if _plain(success) in _NO_ANSWER:
        return "Measurable: say by what you will know that it worked (SMART, 2)."
    if _words(what) and set(_words(what)) == set(_words(success)):
        return (
            "Measurable: the success measure repeats the action; say what will be different "
            "when it is done (SMART, 2)."
        )
    return None


def _achievable(resources: str) -> str | None:
    said = _plain(resources)
    if said in {"none", "nil"} or (said != "no" and said not in _NO_ANSWER):
        return None
    return "Achievable: say that the resources are there, or what is needed (SMART, 3)."


def _realistic(realistic: str) -> str | None:
    said = _plain(realistic)
    if said != "no" and said not in _NO_ANSWER:
        return None
    return "Realistic: say how it can be done in the time, or ask for less (SMART, 4)."


def _owned(owner: str) -> str | None:
    said = _plain(owner)
    if not said or said in _NOBODY:
        named = f"“{_short(owner.strip())}” is nobody in particular" if said else "nobody is named"
        return f"Timescales: {named}; name the one person who does it (SMART, 5)."
    if _TWO_PEOPLE.search(owner):
        return (
            f"Timescales: “{_short(owner.strip())}” is more than one person; name the one who "
            "answers for it (SMART, 5)."
        )
    return None


def _vague(what: str) -> list[str]:
    words = _words(what)
    if not words:
        return []
    if words[0] == "consider":
        return ["Specific: “consider” is never done; say what is to be decided or done (SMART, 1)."]
    doubts = []
    if words[0] not in _DOING:
        doubts.append(
            f"Specific: “{_short(words[0])}” does not look like a doing word; begin with what is "
            "to be done, such as “Complete” or “Arrange” (SMART, 1)."
        )
    plain = " ".join(words)
    doubts += [
        f"Specific: “{phrase}” alone is vague; say what is to be done (SMART, 1)."
        for phrase in _VAGUE
        if phrase in plain and len(words) < len(phrase.split()) + _SAYS_MORE
    ]
    return doubts


def _crowded(owner: str, same_day: int, crowded: int) -> list[str]:
    if same_day < crowded:
        return []
    whose = f"{_short(owner.strip())} would have {same_day + 1} actions due that day"
    return [f"Realistic: {whose}; can they all be done (SMART, 4)?"]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _plain(text: str) -> str:
    return " ".join(_words(text))


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"

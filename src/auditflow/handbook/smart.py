"""What the SMART test says of an action as typed: each answer is its own."""

from typing import Final

from auditflow.errors import BadInput
from auditflow.guidance.smart import Findings, problems, timescale
from auditflow.handbook.markup import safe
from auditflow.policy import Policy

#: An action that passes; each example changes one of its answers.
_GOOD: Final = {
    "what": "Complete the chronology from 2019",
    "success": "The last court date is in it",
    "resources": "yes",
    "realistic": "yes",
    "owner": "Ana",
}


def refused(field: str, *words: str) -> str:
    """Two cells of a row: what was typed, and the words of the refusal."""
    typed = " ".join(words)
    return _cells(typed, *(_date(typed) if field == "due" else _asked(field, typed).refused))


def doubted(field: str, *words: str) -> str:
    """What was typed, and the warning with which it is taken."""
    typed = " ".join(words)
    return _cells(typed, *_asked(field, typed).doubts)


def crowded() -> str:
    """How many actions on one day are warned of, and the warning."""
    many = Policy().many_actions
    typed = f"a day on which {_GOOD['owner']} has {many} others due"
    return _cells(typed, *_asked("owner", _GOOD["owner"], many).doubts)


def _cells(typed: str, *said: str) -> str:
    return f"{safe(typed)} | {safe(' '.join(said))}"


def _date(text: str) -> list[str]:
    try:
        timescale(text)
    except BadInput as refusal:
        return [str(refusal)]
    return []


def _asked(field: str, typed: str, same_day: int = 0) -> Findings:
    policy = Policy()
    return problems(
        **(_GOOD | {field: typed}),
        same_day=same_day,
        shortest=policy.least_words,
        crowded=policy.many_actions,
    )

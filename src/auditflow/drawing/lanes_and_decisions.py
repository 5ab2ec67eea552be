"""Which roles share a lane, and which questions stand on the flow line: both out of the rows."""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Final

from auditflow.audits import Role
from auditflow.audits.roles import POSTS
from auditflow.drawing.model import Question, Sheet
from auditflow.drawing.side_channels import straight

Lane = tuple[Role, ...]
#: More lanes leave too little room in each for a card's words.
_MOST: Final = 3


def lanes(owners: Iterable[Role]) -> list[tuple[Lane, ...]]:
    """Every way to part those who owe something into as many lanes as a sheet holds.

    Those with a place in the audit stand before, and apart from, those who hold a post.
    """
    found = sorted(set(owners), key=lambda role: (role in POSTS, list(Role).index(role)))
    places = sum(role not in POSTS for role in found)
    cuts = list(combinations(range(1, len(found)), min(_MOST, len(found)) - 1))
    apart = [cut for cut in cuts if places in cut]
    return [_parted(found, cut) for cut in apart or cuts]


def _parted(found: Sequence[Role], cuts: Sequence[int]) -> tuple[Lane, ...]:
    edges = (0, *cuts, len(found))
    return tuple(tuple(found[a:b]) for a, b in pairwise(edges))


def decisions(sheet: Sheet) -> list[Question]:
    """The questions that stand on the way to the next state: each is asked in one state alone.

    Those come first whose answers raise a trigger: nothing else on the line shows that they do.
    """
    near = straight(sheet)
    found = [
        question
        for question in sheet.questions
        if question.at in near
        and all(q.at == question.at for q in sheet.questions if q.asks == question.asks)
        and any(a in near[question.at] or not a.end for _, a in question.answers)
    ]
    return sorted(found, key=lambda q: not any(arrow.row.raises for _, arrow in q.answers))

"""The live audit tool: elements, indicators, record points, questions, and the four grades.

Its words are in `elements.md` and `tool.md`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from auditflow.errors import BadInput
from auditflow.guidance import parts

TOOL_VERSION: Final = "January 2020, form 1"
"""The tool's version; pinned on an audit when it starts."""


class Grade(Enum):
    """One of the four grades, best first; the value is stored, the title is shown."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"

    @property
    def title(self) -> str:
        """The grade as the guidance writes it."""
        return self.value.replace("_", " ").title()

    @property
    def descriptor(self) -> str:
        """What the grade means, in our own words."""
        return next(q.asks for q in _questions("grades") if q.key == self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a grade from its title or stored value, in any case; BadInput lists the four."""
        wanted = " ".join(text.casefold().split())
        for grade in cls:
            if wanted in {grade.value, grade.title.casefold()}:
                return grade
        titles = ", ".join(grade.title for grade in cls)
        raise BadInput(f"“{text[:40]}” is not a grade; write one of {titles}.")


class Answer(Enum):
    """How a headline indicator is answered."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"

    @property
    def title(self) -> str:
        """The answer as shown."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Element:
    """An audited element: its stored key, the guidance's title, and what its prompts look for."""

    key: str
    title: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the tool: its stored key and our wording."""

    key: str
    asks: str


_PARTS: Final = parts("tool")


def _questions(key: str) -> tuple[Question, ...]:
    return tuple(Question(*line.split(": ", 1)) for line in _PARTS[key].points)


ELEMENTS: Final = tuple(
    Element(key, part.title, part.points) for key, part in parts("elements").items()
)
"""The six audited elements, in the tool's order."""

INDICATORS: Final = _questions("indicators")
"""The seven headline indicators, each answered with an `Answer`."""

RECORD_POINTS: Final = _questions("record")
"""The four points on which the quality of the child's record is commented."""

FEEDBACK, SIGNS_OF_SAFETY, GOOD_PRACTICE, IMPACT = _questions("boxes")

SMART_QUESTIONS: Final = _questions("smart")
"""The five SMART questions, S M A R T, matching items 1 to 5 of that section."""

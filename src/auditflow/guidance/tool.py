"""The live audit tool: elements, indicators, record points, questions, and the four grades.

Titles are the guidance's; prompts and descriptors are paraphrased. Keys are stored, so they stay.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from auditflow.errors import BadInput

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
        return _DESCRIPTORS[self]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a grade from its title or stored value, in any case; BadInput lists the four."""
        wanted = " ".join(text.casefold().split())
        for grade in cls:
            if wanted in {grade.value, grade.title.casefold()}:
                return grade
        titles = ", ".join(grade.title for grade in cls)
        raise BadInput(f"“{text[:40]}” is not a grade; write one of {titles}.")


_DESCRIPTORS: Final = {
    Grade.OUTSTANDING: "All that Good asks for, and more: practice goes beyond it, draws on "
    "research, and changes the lives of children and families for the better and for long.",
    Grade.GOOD: "The work meets What Good Looks Like: the practice indicators are evidenced and "
    "the help given makes things better for the child.",
    Grade.REQUIRES_IMPROVEMENT: "Nothing seriously or widely wrong and no delay that leaves a "
    "child unsafe, but the help and care are not good yet.",
    Grade.INADEQUATE: "Serious or widespread failings, or needless delay, that leave a child "
    "harmed, at risk, or without the protection they are owed.",
}


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


ELEMENTS: Final = (
    Element(
        "risk_and_assessment",
        "Identification of Risk & Need/Assessment",
        (
            "Is exploitation, neglect (with the child's age in mind) or abuse of any kind met?",
            "Are radicalisation, offending and gangs met where they threaten the child?",
            "Is the family's history understood, and what it may mean now?",
            "Is there an assessment that fits today, done in time and in the last 12 months?",
            "Does the assessment analyse, naming risks, strengths, needs and what protects?",
            "Is the Family Safeguarding Model used properly?",
            "Did the assessment lead to help aimed at what it found?",
        ),
    ),
    Element(
        "planning_and_review",
        "Planning & Review",
        (
            "Do named people act on the risks and needs found?",
            "Are earlier decisions and actions looked at critically, and in time?",
            "Is there a plan B?",
            "Is the plan current, specific, measurable and carried out, without delay?",
            "Can the views of child and parents be seen in it, and the family's strengths?",
            "Does it agree with the child's other plans, such as youth justice or protection?",
            "Does it say how the child will come to have a permanent home?",
        ),
    ),
    Element(
        "supervision_and_oversight",
        "Supervision, Decision Making & Management Oversight",
        (
            "Is this the right service for the case, by the council's thresholds?",
            "Was supervision held in time, with the reasons for decisions on record?",
            "Were managers' directions followed up?",
            "Did supervision move the analysis and the plan on?",
            "Is Signs of Safety used as it should be?",
        ),
    ),
    Element(
        "engagement",
        "Child & family engagement",
        (
            "Can the child's voice and daily world be found, and is the child seen, also alone?",
            "What did involving the child change in assessment, plan and work?",
            "Are child and family invited to the meetings that matter, and do they come?",
            "Is there direct work that suits this child?",
            "Are fathers and other men in the family part of the work?",
            "Is the relationship constructive, with clear boundaries?",
            "Are the needs of child and parents in balance?",
            "Did working with the family bring risk or need down?",
        ),
    ),
    Element(
        "diversity_and_identity",
        "Diversity & Identity",
        (
            "Was the family asked who they are, from age and disability to faith and means?",
            "Is it understood what this means for parenting and for the child's life?",
            "Is it carried into assessment, plan and work?",
        ),
    ),
    Element(
        "multi_agency",
        "Multi-agency working",
        (
            "Are the right people invited into the work?",
            "Are events and worries shared in time and clearly, and confirmed in writing?",
            "What made sharing easier or harder in this case?",
            "How did joint work shape assessment and help, and what got better for the child?",
        ),
    ),
)
"""The six audited elements, in the tool's order."""

INDICATORS: Final = (
    Question(
        "supervision_records", "Do current supervision records reflect, and see actions through?"
    ),
    Question("chronology", "Is there a good chronology, kept up to date?"),
    Question(
        "smart_plan", "Is the plan SMART and current, with a safety plan where one is needed?"
    ),
    Question("seen_regularly", "Is the child seen as often as required, and heard?"),
    Question("purposeful_visits", "Do visits have a purpose that matters to the family?"),
    Question("relationships", "Do worker, child and family work well together?"),
    Question("permanence", "Are there goals for where the child will belong for good?"),
)
"""The seven headline indicators, each answered with an `Answer`."""

RECORD_POINTS: Final = (
    Question("wishes_and_feelings", "Does the record hold what the child wants and feels?"),
    Question("other_professionals", "Does it hold what other professionals think?"),
    Question("decision_making", "Does it show how decisions were reached?"),
    Question("procedures", "Does it show that the right procedures were followed?"),
)
"""The four points on which the quality of the child's record is commented."""

FEEDBACK: Final = Question(
    "service_user_feedback",
    "Has the child or family given feedback on the service? What did they say; if none, why not?",
)
SIGNS_OF_SAFETY: Final = Question(
    "signs_of_safety", "Where in the work can the Signs of Safety approach be seen?"
)
GOOD_PRACTICE: Final = Question("good_practice", "What good practice should others hear about?")
IMPACT: Final = Question(
    "impact", "What has the work changed for this child? The grade rests on the answer."
)

SMART_QUESTIONS: Final = (
    Question("specific", "Would a stranger know exactly what is to be done?"),
    Question("measurable", "By what will you know that it worked?"),
    Question("achievable", "Are the means there; if not, what is needed?"),
    Question("realistic", "Can it be done in the time, beside the owner's other work?"),
    Question("timescales", "Which one person does it, and by which date?"),
)
"""The five SMART questions, S M A R T, matching items 1 to 5 of that section."""

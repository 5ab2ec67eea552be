"""The live case-file audit guidance as numbered items, each paraphrased in a plain sentence.

Source: Bracknell Forest, Live Quality Assurance Audit Framework & Toolkit, January 2020. A section
and a number together are a citation ("Post, 1"); the text itself is not copied.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

GUIDANCE_VERSION: Final = "January 2020"
"""The month the guidance was issued; pinned on an audit when it starts."""

SECTIONS: Final = MappingProxyType(
    {
        "Purpose": "What live audits are for",
        "Prior": "Prior to audit meeting",
        "During": "Audit meeting",
        "Post": "Post audit meeting",
        "SMART": "The test of an action",
        "Grading": "Grading",
        "Guide": "What Good Looks Like",
    }
)
"""Each section's short name, as citations use it, with its title."""


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered statement of the guidance: its section, its number there and what it says."""

    section: str
    number: int
    says: str

    @property
    def citation(self) -> str:
        """How the item is cited, such as "Prior, 1"."""
        return f"{self.section}, {self.number}"


def _section(name: str, *says: str) -> tuple[Item, ...]:
    return tuple(Item(name, number, words) for number, words in enumerate(says, start=1))


ITEMS: Final[tuple[Item, ...]] = (
    *_section(
        "Purpose",
        "The guidance belongs together with the council's quality assurance strategy.",
        "Audits exist to make practice and children's outcomes better in ways that can be shown, "
        "with the practitioner taking part.",
    ),
    *_section(
        "Prior",
        "A month before the audits are held, the cases are picked at random and given out to "
        "their auditors.",
        "The auditor arranges a meeting with the key worker.",
        "Before that meeting the key worker goes through the case file on Mosaic and brings it "
        "up to date.",
        "The auditor comes to the meeting with the audit tool, this guidance and the What Good "
        "Looks Like guide.",
    ),
    *_section(
        "During",
        "The auditor works through the live audit tool, and its prompts help to ask questions "
        "and to find evidence.",
        "The auditor looks at Mosaic to see whether records are current and good enough.",
        "The tool has room for comments on how good the child's record is: wishes and feelings, "
        "what other professionals think, how decisions were made, and whether procedures were "
        "followed.",
        "Find out whether the family or child has given feedback on the service.",
        "An action plan is drawn up for the case, and every action in it is SMART.",
    ),
    *_section(
        "Post",
        "The responsible manager completes the immediate actions within 5 working days.",
        "Worker and supervisor go through the audit in supervision and agree actions with dates, "
        "for completion within 1 month.",
        "Whatever was done in answer to the plan is filed on the case under the heading Audit "
        "Action Plan - 'Month'.",
    ),
    *_section(
        "SMART",
        "Specific: an action can be told apart from others and is not vague.",
        "Measurable: it says by what success will be known.",
        "Achievable: what it needs in resources is there.",
        "Realistic: it can be done with the time and means at hand.",
        "Timescales: it has a deadline and says who does it; 'ASAP' is not a timescale.",
    ),
    *_section(
        "Grading",
        "Auditor and social worker grade the case together while the live audit goes on.",
        "What counts in agreeing a grade is the impact of the work on the child's outcomes.",
        "If they disagree about the grade, they settle it in the audit itself.",
        "If they cannot agree, the Quality Assurance Team is asked for advice.",
        "There are four grades, Outstanding, Good, Requires Improvement and Inadequate, and they "
        "rest on the practice standards in What Good Looks Like.",
    ),
    *_section(
        "Guide",
        "Auditors use the guide so that all record evidence in the same way and share one idea "
        "of good work.",
        "Good practice is written down too, not only what is missing.",
        "Throughout the work, auditors look for Signs of Safety being used.",
        "Seven practice indicators show whether a child's lived experience is good or better.",
        "Six audited elements describe good work, each with what to look at.",
        "Outstanding, Requires Improvement and Inadequate each have a descriptor taken from "
        "Ofsted's evaluation schedule.",
    ),
)
"""Every item, in the order of the guidance."""

NOT_A_STEP: Final = MappingProxyType(
    {
        "Purpose, 1": "It points to another document; nobody does anything at this point.",
        "Purpose, 2": "It gives the reason for auditing, which every step serves.",
        "Guide, 1": "It says how to use the guide while findings are recorded; that step cites "
        "the audit tool.",
        "Guide, 2": "It is a box of the audit tool, filled in while findings are recorded.",
        "Guide, 3": "It is a question of the audit tool, answered while findings are recorded.",
        "Guide, 4": "They are questions of the audit tool, answered while findings are recorded.",
        "Guide, 5": "They are the parts of the audit tool, filled in while findings are recorded.",
        "Guide, 6": "It explains the grades; agreeing one is the step, and is cited there.",
    }
)
"""Citation to reason, for the items that no chart carries because they are no step of a process."""

_BY_CITATION: Final = {item.citation: item for item in ITEMS}


def find(citation: str) -> Item:
    """Give the item cited as "Section, number"; LookupError names what there is to cite."""
    item = _BY_CITATION.get(citation)
    if item is not None:
        return item
    section = citation.partition(",")[0].strip()
    known = [one.citation for one in ITEMS if one.section == section]
    if known:
        raise LookupError(f"The guidance has no “{citation}”; {section} has {'; '.join(known)}.")
    raise LookupError(f"The guidance has no “{citation}”; its sections are {', '.join(SECTIONS)}.")

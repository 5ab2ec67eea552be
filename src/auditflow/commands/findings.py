"""The form on which the audit tool is filled in, part by part or as a whole (A9, section 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from msgspec.structs import replace

from auditflow.audits import Audit, Finding, Indicator, Remark, YesNo
from auditflow.commands.base import AuditCommand, Noting, option, told, told_if
from auditflow.errors import BadInput
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade

T = TypeVar("T")

_ELEMENTS = {e.key: e.title for e in ELEMENTS}
_POINTS = {q.key: q.asks for q in RECORD_POINTS}
_INDICATORS = {q.key: q.asks for q in INDICATORS}


@dataclass(frozen=True, kw_only=True)
class ElementFinding:
    """What was found for one audited element, as typed."""

    element: str
    evidence: str
    strengths: str = ""
    change: str = ""
    grade: Grade | None = None


@dataclass(frozen=True, kw_only=True)
class ToolParts:
    """Parts of the audit tool as typed; what is not given stays as it is."""

    elements: tuple[ElementFinding, ...] = ()
    record_quality: tuple[tuple[str, str], ...] = ()
    indicators: tuple[tuple[str, Answer], ...] = ()
    feedback_explored: YesNo = ""
    feedback: str = ""
    signs_of_safety: YesNo = ""
    good_practice: str = ""

    def __bool__(self) -> bool:
        """Whether any part is given."""
        return self != ToolParts()


@dataclass(frozen=True, kw_only=True)
class RecordFindings(AuditCommand):
    """Record what was found: one audited element, other parts of the tool, or all of it (A9)."""

    event: ClassVar[str] = "record_findings"
    element: str = option(f"one of {', '.join(_ELEMENTS)}", default="")
    evidence: str = option("what the file and the worker show", default="")
    strengths: str = option("what is good", default="")
    change: str = option("what needs to change", default="")
    grade: Grade | None = option("a grade for the element, if used", default=None)
    record_quality: tuple[tuple[str, str], ...] = option(
        f"POINT=TEXT, on the quality of the record; points: {', '.join(_POINTS)}", default=()
    )
    indicator: tuple[tuple[str, Answer], ...] = option(
        f"KEY=ANSWER (yes, partly, no or not_applicable); keys: {', '.join(_INDICATORS)}",
        default=(),
    )
    feedback_explored: YesNo = option("whether the family was asked for feedback", default="")
    feedback: str = option(
        "what the family or child said of the service, or why they were not asked", default=""
    )
    signs_of_safety: YesNo = option("whether Signs of Safety is seen in the work", default="")
    good_practice: str = option("good practice that others should hear about", default="")
    file: ToolParts | None = option(
        "a filled-in tool, CSV or XLSX; for an empty one: auditflow audit tool", default=None
    )

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note each part given, in place of what was noted for it before."""
        typed = self._typed()
        if not typed and not self.file:
            raise BadInput(
                "Nothing to record is given. Say what was found, such as --element with "
                "--evidence, or bring a filled-in tool with --file."
            )
        for parts in filter(None, (self.file, typed)):
            audit = with_parts(audit, parts, noting)
        return audit

    def _typed(self) -> ToolParts:
        about_element = (self.evidence, self.strengths, self.change, self.grade)
        if not self.element and any(about_element):
            raise BadInput(f"Which element is it about? Give --element: {', '.join(_ELEMENTS)}.")
        finding = ElementFinding(
            element=self.element,
            evidence=self.evidence,
            strengths=self.strengths,
            change=self.change,
            grade=self.grade,
        )
        return ToolParts(
            elements=(finding,) if self.element else (),
            record_quality=self.record_quality,
            indicators=self.indicator,
            feedback_explored=self.feedback_explored,
            feedback=self.feedback,
            signs_of_safety=self.signs_of_safety,
            good_practice=self.good_practice,
        )


def with_parts(audit: Audit, parts: ToolParts, noting: Noting) -> Audit:
    """The audit with these parts of its tool noted; the texts are put away."""
    found = [_finding(e, noting) for e in parts.elements]
    remarks = [_remark(point, says, noting) for point, says in parts.record_quality]
    answers = [
        Indicator(_known(key, _INDICATORS, "--indicator", "the headline indicators"), answer)
        for key, answer in parts.indicators
    ]
    feedback = told_if(parts.feedback, "The feedback", noting)
    if parts.feedback_explored and not (feedback or audit.feedback):
        raise BadInput(
            "Say with --feedback what the family said, or why they were not asked (During, 4)."
        )
    return replace(
        audit,
        findings=_instead(audit.findings, found, lambda f: f.element, _ELEMENTS),
        record_quality=_instead(audit.record_quality, remarks, lambda r: r.point, _POINTS),
        indicators=_instead(audit.indicators, answers, lambda i: i.key, _INDICATORS),
        feedback_explored=parts.feedback_explored or audit.feedback_explored,
        feedback=feedback or audit.feedback,
        signs_of_safety=parts.signs_of_safety or audit.signs_of_safety,
        good_practice=told_if(parts.good_practice, "Good practice", noting) or audit.good_practice,
    )


def _finding(typed: ElementFinding, noting: Noting) -> Finding:
    if typed.grade is None and noting.policy.grade_elements == "required":
        raise BadInput("Each element is graded here (D7). Give its grade with --grade.")
    return Finding(
        _known(typed.element, _ELEMENTS, "--element", "the six"),
        told(typed.evidence, "The evidence", noting),
        told_if(typed.strengths, "The strengths", noting),
        told_if(typed.change, "What needs to change", noting),
        typed.grade,
    )


def _remark(point: str, says: str, noting: Noting) -> Remark:
    known = _known(point, _POINTS, "--record-quality", "the points of record quality")
    return Remark(known, told(says, f"What is said on {known.replace('_', ' ')}", noting))


def _known(key: str, keys: Iterable[str], option_name: str, of: str) -> str:
    if key in keys:
        return key
    raise BadInput(f"{option_name} “{key[:60]}” is none of {of}: {', '.join(keys)}.")


def _instead(
    old: Iterable[T], new: Sequence[T], key: Callable[[T], str], order: Iterable[str]
) -> tuple[T, ...]:
    """The new parts and the old ones they do not replace, as the tool orders them."""
    keys = [key(part) for part in new]
    for twice in (k for k in keys if keys.count(k) > 1):
        raise BadInput(f"“{twice}” is given twice. Give it once.")
    place = list(order).index
    return tuple(
        sorted((*(p for p in old if key(p) not in keys), *new), key=lambda p: place(key(p)))
    )

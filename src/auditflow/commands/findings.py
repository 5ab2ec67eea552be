"""The form on which the audit tool is filled in, part by part or as a whole (A9, section 11)."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, TypeVar

from msgspec.structs import replace

from auditflow.audits import Audit, Finding, Indicator, Remark, YesNo
from auditflow.commands.base import (
    AuditCommand,
    CommandContext,
    Form,
    field,
    store_optional_text,
    store_text,
)
from auditflow.errors import BadInput
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade

T = TypeVar("T")

_ELEMENTS = {e.key: e.title for e in ELEMENTS}
_POINTS = {q.key: q.asks for q in RECORD_POINTS}
_INDICATORS = {q.key: q.asks for q in INDICATORS}


class ElementFinding(Form):
    """What was found for one audited element, as typed."""

    element: str
    evidence: str
    strengths: str = ""
    change: str = ""
    grade: Grade | None = None


class ToolParts(Form):
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


class RecordFindings(AuditCommand):
    """Record what was found: one audited element, other parts of the tool, or all of it (A9)."""

    event: ClassVar[str] = "record_findings"
    element: str = field(f"one of {', '.join(_ELEMENTS)}", default="")
    evidence: str = field("what the file and the worker show", default="")
    strengths: str = field("what is good", default="")
    change: str = field("what needs to change", default="")
    grade: Grade | None = field("a grade for the element, if used", default=None)
    record_quality: tuple[tuple[str, str], ...] = field(
        f"POINT=TEXT, on the quality of the record; points: {', '.join(_POINTS)}", default=()
    )
    indicator: tuple[tuple[str, Answer], ...] = field(
        f"KEY=ANSWER (yes, partly, no or not_applicable); keys: {', '.join(_INDICATORS)}",
        default=(),
    )
    feedback_explored: YesNo = field("whether the family was asked for feedback", default="")
    feedback: str = field(
        "what the family or child said of the service, or why they were not asked", default=""
    )
    signs_of_safety: YesNo = field("whether Signs of Safety is seen in the work", default="")
    good_practice: str = field("good practice that others should hear about", default="")
    file: ToolParts | None = field(
        "a filled-in tool, CSV or XLSX; for an empty one: auditflow audit tool", default=None
    )

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note each part given, in place of what was noted for it before."""
        typed = self._typed()
        if not typed and not self.file:
            raise BadInput(
                "Nothing to record is given. Say what was found, such as --element with "
                "--evidence, or bring a filled-in tool with --file."
            )
        for parts in filter(None, (self.file, typed)):
            audit = with_parts(audit, parts, context)
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


def with_parts(audit: Audit, parts: ToolParts, context: CommandContext) -> Audit:
    """The audit with these parts of its tool noted; the texts are put away."""
    found = [_finding(e, context) for e in parts.elements]
    remarks = [_remark(point, says, context) for point, says in parts.record_quality]
    answers = [
        Indicator(_known(key, _INDICATORS, "--indicator", "the headline indicators"), answer)
        for key, answer in parts.indicators
    ]
    feedback = store_optional_text(parts.feedback, "The feedback", context)
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
        good_practice=store_optional_text(parts.good_practice, "Good practice", context)
        or audit.good_practice,
    )


def _finding(typed: ElementFinding, context: CommandContext) -> Finding:
    if typed.grade is None and context.policy.grade_elements == "required":
        raise BadInput("Each element is graded here (D7). Give its grade with --grade.")
    return Finding(
        _known(typed.element, _ELEMENTS, "--element", "the six"),
        store_text(typed.evidence, "The evidence", context),
        store_optional_text(typed.strengths, "The strengths", context),
        store_optional_text(typed.change, "What needs to change", context),
        typed.grade,
    )


def _remark(point: str, says: str, context: CommandContext) -> Remark:
    known = _known(point, _POINTS, "--record-quality", "the points of record quality")
    return Remark(known, store_text(says, f"What is said on {known.replace('_', ' ')}", context))


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

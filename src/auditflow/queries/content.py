"""What the audit tool of one audit holds, in its own words; for those who may read the audit."""

from collections.abc import Mapping

import msgspec

from auditflow.audits import Audit
from auditflow.commands import ElementFinding, ToolParts
from auditflow.queries.names import Names

#: What is shown for a text that was destroyed.
GONE = "(text destroyed)"


class Content(msgspec.Struct, frozen=True):
    """The tool as filled in, by which versions, and the grades with their reasons."""

    tool_version: str
    guidance_version: str
    parts: ToolParts
    impact: str
    auditor_grade: str
    worker_grade: str
    auditor_reason: str
    worker_reason: str
    decided_by: str
    no_actions_because: str


def content(audit: Audit, said: Mapping[str, str], names: Names) -> Content:
    """The tool of an audit; `said` are its texts by their digests, `names` those of people."""

    def text(digest: str) -> str:
        return said.get(digest, GONE) if digest else ""

    mine, theirs = audit.auditor_grade, audit.worker_grade
    return Content(
        tool_version=audit.tool_version,
        guidance_version=audit.guidance_version,
        parts=_parts(audit, {d: text(d) for d in _digests(audit)}),
        impact=text(audit.impact),
        auditor_grade=mine.title if mine else "",
        worker_grade=theirs.title if theirs else "",
        auditor_reason=text(audit.auditor_reason),
        worker_reason=text(audit.worker_reason),
        decided_by=names.of(audit.decided_by),
        no_actions_because=text(audit.no_actions_because),
    )


def _digests(audit: Audit) -> set[str]:
    found = {t for f in audit.findings for t in (f.evidence, f.strengths, f.change)}
    return found | {r.says for r in audit.record_quality} | {audit.feedback, audit.good_practice}


def _parts(audit: Audit, text: Mapping[str, str]) -> ToolParts:
    return ToolParts(
        elements=tuple(
            ElementFinding(
                element=f.element,
                evidence=text[f.evidence],
                strengths=text[f.strengths],
                change=text[f.change],
                grade=f.grade,
            )
            for f in audit.findings
        ),
        record_quality=tuple((r.point, text[r.says]) for r in audit.record_quality),
        indicators=tuple((i.key, i.answer) for i in audit.indicators),
        feedback_explored=audit.feedback_explored,
        feedback=text[audit.feedback],
        signs_of_safety=audit.signs_of_safety,
        good_practice=text[audit.good_practice],
    )

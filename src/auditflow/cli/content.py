"""The content of an audit's tool in lines, as `audit show` prints it."""

from collections.abc import Iterator

from auditflow.calendar import long_day
from auditflow.commands import ElementFinding
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Question
from auditflow.queries import Content, Earlier

_TITLES = {e.key: e.title for e in ELEMENTS}


def content_lines(content: Content, earlier: Earlier | None = None) -> Iterator[str]:
    """What was recorded, a line each; nothing for what was not. Last answers stand beside."""
    if earlier is not None:
        yield repeats(earlier)
    if content.tool_version:
        yield f"tool {content.tool_version}; guidance {content.guidance_version}"
    parts = content.parts
    yield from _elements(parts.elements, earlier.elements if earlier else ())
    for key, says in parts.record_quality:
        yield f"record: {_asks(RECORD_POINTS, key)} {says}"
    for key, answer in parts.indicators:
        yield f"indicator: {_asks(INDICATORS, key)} {answer.title}"
    if parts.feedback_explored or parts.feedback:
        explored = parts.feedback_explored or "not said"
        yield f"feedback explored: {explored}. {parts.feedback}"
    if parts.signs_of_safety:
        yield f"Signs of Safety seen: {parts.signs_of_safety}"
    if parts.good_practice:
        yield f"good practice: {parts.good_practice}"
    yield from _grades(content)


def repeats(earlier: Earlier) -> str:
    """That it is a re-audit, and how the audit before was graded."""
    if not earlier.shown:
        return earlier.says
    held = f", held on {long_day(earlier.held_on)}" if earlier.held_on else ""
    grade = f"{earlier.grade} ({earlier.grade_status})" if earlier.grade else "not graded"
    return f"{earlier.says} Last time{held}: {grade}"


def _elements(
    found: tuple[ElementFinding, ...], before: tuple[ElementFinding, ...]
) -> Iterator[str]:
    """Each element, and what was found last time below it."""
    now, last = ({e.element: e for e in some} for some in (found, before))
    for key, title in _TITLES.items():
        if key in now:
            yield from _element(now[key], title)
        elif key in last:
            yield f"{title}: nothing recorded yet"
        if key in last:
            yield from (f"  {line}" for line in _element(last[key], "last time"))


def _element(e: ElementFinding, title: str) -> Iterator[str]:
    grade = f" ({e.grade.title})" if e.grade else ""
    yield f"{title}{grade}: {e.evidence}"
    if e.strengths:
        yield f"  strengths: {e.strengths}"
    if e.change:
        yield f"  needs to change: {e.change}"


def _grades(content: Content) -> Iterator[str]:
    if content.impact:
        yield f"impact on the child: {content.impact}"
    if content.auditor_reason:
        yield f"auditor: {content.auditor_grade}, because {content.auditor_reason}"
        yield f"key worker: {content.worker_grade}, because {content.worker_reason}"
    if content.decided_by:
        yield f"grade decided by: {content.decided_by}"
    if content.no_actions_because:
        yield f"no actions, because {content.no_actions_because}"


def _asks(questions: tuple[Question, ...], key: str) -> str:
    return next(q.asks for q in questions if q.key == key)

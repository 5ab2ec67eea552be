"""The content of an audit's tool in lines, as `audit show` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from auditflow.commands import ElementFinding
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Question
from auditflow.queries import Content

_TITLES = {e.key: e.title for e in ELEMENTS}


def content_lines(content: Content) -> Iterator[str]:
    """What was recorded, a line each; nothing for what was not."""
    if content.tool_version:
        yield f"tool {content.tool_version}; guidance {content.guidance_version}"
    parts = content.parts
    for element in parts.elements:
        yield from _element(element)
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


def _element(e: ElementFinding) -> Iterator[str]:
    grade = f" ({e.grade.title})" if e.grade else ""
    yield f"{_TITLES[e.element]}{grade}: {e.evidence}"
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

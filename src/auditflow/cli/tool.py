"""`auditflow audit tool`: the audit tool on paper, empty or as far as it is filled in."""

from collections.abc import Iterator
from pathlib import Path

import click

from auditflow.calendar import long_day
from auditflow.cli.base import PATH, Globals, given, write_document
from auditflow.cli.content import repeats
from auditflow.cli.store import reading
from auditflow.commands import ElementFinding
from auditflow.exchange.safe import plain
from auditflow.exchange.tool_file import tool_csv
from auditflow.guidance.tool import (
    ELEMENTS,
    FEEDBACK,
    GOOD_PRACTICE,
    IMPACT,
    INDICATORS,
    RECORD_POINTS,
    SIGNS_OF_SAFETY,
    SMART_QUESTIONS,
    Grade,
)
from auditflow.queries import AuditDetail, audit_detail

_BLANK = "…"


@click.command("tool", short_help="Print the audit tool, empty or as far as it is filled in.")
@click.argument("reference")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["md", "csv"]),
    default="md",
    help="md to read (the default), or csv to fill in.",
)
@click.option("--out", type=PATH, metavar="FILE", help="Where to write it.")
@given
def tool(options: Globals, reference: str, kind: str, out: Path | None) -> None:
    """Print the audit tool with its prompts and what each grade means, as far as it is filled in.

    As CSV it can be filled in and taken back: auditflow audit record-findings REFERENCE --file FILE
    """
    with reading(options) as asking:
        page = audit_detail(asking, reference)
    text = tool_csv(page.content.parts) if kind == "csv" else tool_markdown(page)
    write_document(text, out)


def tool_markdown(page: AuditDetail) -> str:
    """The whole tool as Markdown: header, elements, the other parts, grades, the action plan."""
    parts = (_header, _elements, _others, _grade, _plan)
    return "\n".join(line for part in parts for line in part(page)) + "\n"


def _header(page: AuditDetail) -> Iterator[str]:
    yield f"# Live audit tool - {page.reference}"
    yield ""
    yield f"- Case: {page.case}; team {page.team}; audit month {page.month:%B %Y}"
    yield from (f"- {k.replace('_', ' ').capitalize()}: {v}" for k, v in page.people.items())
    held = long_day(page.held_on) if page.held_on else _BLANK
    checked = long_day(page.file_checked_on) if page.file_checked_on else "not confirmed"
    yield f"- Held: {held}; file check by the key worker: {checked}"
    yield (
        f"- Tool: {page.content.tool_version or 'pinned when the audit starts'}; guidance: "
        f"{page.content.guidance_version or 'pinned when the audit starts'}"
    )
    if page.earlier:
        yield f"- {_said(repeats(page.earlier))}"


def _elements(page: AuditDetail) -> Iterator[str]:
    found = {e.element: e for e in page.content.parts.elements}
    last = {e.element: e for e in page.earlier.elements} if page.earlier else {}
    for n, element in enumerate(ELEMENTS, 1):
        e = found.get(element.key)
        yield from ("", f"## {n}. {element.title}", "")
        yield from (f"> {prompt}  " for prompt in element.prompts)
        yield ""
        yield f"- Evidence: {_said(e.evidence if e else '')}"
        yield f"- Strengths: {_said(e.strengths if e else '')}"
        yield f"- What needs to change: {_said(e.change if e else '')}"
        yield f"- Grade, if used: {e.grade.title if e and e.grade else _BLANK}"
        if element.key in last:
            yield from _last_time(last[element.key])


def _last_time(e: ElementFinding) -> Iterator[str]:
    """What the earlier audit found, beside what a re-audit finds (A25)."""
    grade = f" ({e.grade.title})" if e.grade else ""
    yield f"- Last time{grade}: {_said(e.evidence)}"
    if e.strengths:
        yield f"  - Strengths: {_said(e.strengths)}"
    if e.change:
        yield f"  - What needed to change: {_said(e.change)}"


def _others(page: AuditDetail) -> Iterator[str]:
    parts = page.content.parts
    remarks, answers = dict(parts.record_quality), dict(parts.indicators)
    yield from ("", "## Quality of the record", "")
    yield from (f"- {p.asks} {_said(remarks.get(p.key, ''))}" for p in RECORD_POINTS)
    yield from ("", "## Headline indicators", "")
    for one in INDICATORS:
        answer = answers.get(one.key)
        yield f"- {one.asks} {answer.title if answer else _BLANK}"
    yield from ("", "## Feedback, Signs of Safety, good practice", "")
    explored = parts.feedback_explored or _BLANK
    yield f"- Feedback explored: {explored}. {FEEDBACK.asks} {_said(parts.feedback)}"
    yield f"- {SIGNS_OF_SAFETY.asks} Seen: {parts.signs_of_safety or _BLANK}"
    yield f"- {GOOD_PRACTICE.asks} {_said(parts.good_practice)}"


def _grade(page: AuditDetail) -> Iterator[str]:
    content = page.content
    yield from ("", "## Grade", "")
    yield from (f"- **{grade.title}**: {grade.descriptor}" for grade in Grade)
    yield ""
    yield f"- {IMPACT.asks} {_said(content.impact)}"
    yield f"- Overall grade: {page.grade or _BLANK} ({page.grade_status})"
    yield f"- Auditor: {_position(content.auditor_grade, content.auditor_reason)}"
    yield f"- Key worker: {_position(content.worker_grade, content.worker_reason)}"
    if content.decided_by:
        yield f"- Decided by: {plain(content.decided_by)}"


def _position(grade: str, reason: str) -> str:
    return f"{grade or _BLANK}, because {_said(reason)}" if reason else grade or _BLANK


def _plan(page: AuditDetail) -> Iterator[str]:
    yield from ("", f"## Audit Action Plan - {page.month:%B}", "")
    yield from (f"> {q.key.capitalize()}: {q.asks}  " for q in SMART_QUESTIONS)
    yield ""
    for a in page.actions:
        yield (
            f"- {a['n']}. {_said(a['what'])} Success: {_said(a['success'])} "
            f"({a['kind']}, {plain(a['owner'])}, due {a['due_on']}: {a['state']})"
        )
    if not page.actions:
        yield f"- No actions: {_said(page.content.no_actions_because)}"


def _said(text: str, otherwise: str = _BLANK) -> str:
    """A text as one paragraph of Markdown; its own marks are shown and not obeyed."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in plain(text)) or otherwise

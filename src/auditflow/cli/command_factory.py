"""One command for each form: its fields become options, so that none can be forgotten here."""

import re
import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click

from auditflow.application import App
from auditflow.audits import YesNo
from auditflow.calendar import long_day
from auditflow.cli.base import COUNT, DATE, PATH, Globals, Parsed, acting_for_option, tell, told
from auditflow.cli.parameter_types import FILES, PAIRS, YES_OR_NO
from auditflow.cli.store import MOMENT, opened, settings_of
from auditflow.commands import FORMS, AuditCommand
from auditflow.exchange.safe import plain
from auditflow.guidance.tool import Grade
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.engine import words
from auditflow.machines.transition import Outcome
from auditflow.queries.names import why
from auditflow.service import Done

GRADE: Parsed[Grade] = Parsed("grade", lambda text, _field: Grade.parse(text))

#: Where a form's own words cite a row of the chart; a list of commands reads better without.
_CITED = re.compile(r" \((?:A[0-9]|[78]\.)[^)]*\)")

#: A field of these names is the second argument: the number of the part.
_PART = ("action", "escalation")


def commands_of(kind: str) -> dict[str, click.Command]:
    """A click command for each form about an audit, an action or an escalation."""
    return {
        event.replace("_", "-"): _command(form) for (k, event), form in FORMS.items() if k == kind
    }


def _command(form: type[AuditCommand]) -> click.Command:
    hints = get_type_hints(form)
    asked = [f for f in fields(form) if f.name != "audit" and f.name not in _part_of(form)]

    def run(options: Globals, /, happened_at: datetime | None, **values: Any) -> None:
        with opened(options) as app:
            how = {name: values.pop(name) for name in ("key", "seen", "acting_for")}
            command = form(**_read(values))
            done = _sent(app, command, happened_at, {"by": settings_of(options).person, **how})
            for warning in done.warnings:
                click.echo(f"Note: {plain(warning)}", err=True)
            tell(options, done, _told, _document)

    decorated = _shared(run)
    for f in reversed(asked):
        decorated = _option(f, hints[f.name])(decorated)
    for name in reversed(_part_of(form)):
        decorated = click.argument(name, type=COUNT, metavar=name.upper())(decorated)
    decorated = click.argument("audit", metavar="REFERENCE")(decorated)
    doc = (form.__doc__ or "").strip()
    name = form.event.replace("_", "-")
    return click.command(name, help=doc, short_help=_CITED.sub("", doc))(decorated)


def _shared(run: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every form takes."""
    decorated: Callable[..., Any] = acting_for_option(told(run))
    decorated = click.option(
        "--key", metavar="KEY", help="A name for this command; sent twice, it is done once."
    )(decorated)
    decorated = click.option(
        "--seen",
        type=COUNT,
        metavar="LINE",
        help="The line of its history you looked at; told if it has changed since.",
    )(decorated)
    return click.option(
        "--happened-at",
        type=MOMENT,
        metavar="WHEN",
        help="When it was done, if not now: 2026-03-16 or 2026-03-16T10:00Z.",
    )(decorated)


def _part_of(form: type[AuditCommand]) -> list[str]:
    return [n for n in _PART if form.kind == n and n in {f.name for f in fields(form)}]


def _option(f: Field[Any], hint: Any) -> Callable[..., Any]:
    name = "--" + f.name.replace("_", "-")
    required = f.default is MISSING
    says = f.metadata.get("help", "")
    if hint is bool:
        return click.option(name, is_flag=True, help=says)
    if required:  # click takes any default, None too, for something given
        return click.option(name, f.name, type=_type_of(hint), required=True, help=says)
    if hint in PAIRS:
        return click.option(name, f.name, type=PAIRS[hint], multiple=True, help=says)
    default = None if f.default in ("", None, ()) else f.default
    return click.option(name, f.name, type=_type_of(hint), help=says, default=default)


_TYPES: dict[Any, click.ParamType[Any]] = {date: DATE, Grade: GRADE, int: COUNT, str: click.STRING}


def _type_of(hint: Any) -> click.ParamType[Any]:
    kinds = set(get_args(hint)) - {types.NoneType} if isinstance(hint, types.UnionType) else {hint}
    if hint == YesNo:
        return YES_OR_NO
    return next((read for kind, read in _TYPES.items() if kind in kinds), PATH)


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """The fields given; files are read here."""
    given = {k: v for k, v in values.items() if v not in (None, ())}
    return {k: FILES[k](v) if isinstance(v, Path) else v for k, v in given.items()}


def _sent(
    app: App, command: AuditCommand, happened_at: datetime | None, how: dict[str, Any]
) -> Done:
    now = app.writing_now
    if happened_at and happened_at.date() == now.date():
        happened_at = min(happened_at, now)  # A day without an hour may be today.
    return app.service.do(command, now=now, happened_at=happened_at, **how)


def _told(done: Done) -> str:
    if done.repeated:
        return f"{done.reference}: this was done before under the same key; nothing was done again."
    state = CHARTS["audit"].states[done.audit.state]
    lines = [f"{done.reference}: {_event(o)}" for o in done.outcomes]
    lines.append(f"Now at “{state.title}”, held by: {state.holder.title}.")
    started = {key for o in done.outcomes for key in _started(o)}
    lines += [
        f"  Owed: {DUTIES[o.duty].title}{_about(o.subject)}, by {long_day(o.due)} ({o.role.title})"
        for o in sorted(done.audit.duties, key=lambda o: o.due)
        if f"{o.duty}|{o.subject}" in started
    ]
    return "\n".join(lines)


def _started(outcome: Outcome) -> set[str]:
    return {key for key, owed in outcome.changed.get("duties", {}).items() if owed is not None}


def _about(subject: str) -> str:
    return "" if subject == "audit" else f" ({subject.partition(' level')[0]})"


def _event(outcome: Outcome) -> str:
    chart = CHARTS[outcome.event.kind]
    moved = f" → {chart.states[outcome.after].title}" if outcome.before != outcome.after else ""
    if outcome.event.name == "remind" and outcome.duty:
        return f"reminder written: {DUTIES[outcome.duty.duty].title.lower()}"
    subject = "" if outcome.event.kind == "audit" else f"{outcome.event.subject}: "
    return f"{subject}{words(outcome.event.name)}{moved}{_why(outcome)}"


def _why(outcome: Outcome) -> str:
    """What an escalation that is raised is about."""
    if (outcome.event.kind, outcome.event.name) != ("escalation", "raise"):
        return ""
    raised = next(e for e in outcome.audit.escalations if e.n == outcome.event.n)
    ahead = "; raised by hand, before it was late" if raised.raised_by else ""
    about = why(outcome.audit, raised)
    return f" ({raised.trigger}, {about[:1].lower()}{about[1:]}{ahead})"


def _document(done: Done) -> dict[str, Any]:
    return {
        "reference": done.reference,
        "state": done.audit.state,
        "repeated": done.repeated,
        "substitute": done.substitute,
        "events": [
            {
                "event": o.event.name,
                "subject": o.event.subject,
                "before": o.before,
                "after": o.after,
            }
            for o in done.outcomes
        ],
        "duties": [
            {"duty": o.duty, "subject": o.subject, "role": o.role.value, "owner": o.owner}
            | {"due": o.due.isoformat()}
            for o in done.audit.duties
        ],
        "warnings": list(done.warnings),
    }

"""What raises an escalation, who answers it, who judges the answer: asked of the code itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from msgspec.structs import replace

from auditflow.audits import COPIES, ENTRY, JOINT, Answer, Audit, Escalation, Level, Role, Trigger
from auditflow.commands import can
from auditflow.drawing.labels import listed, plain
from auditflow.handbook.markup import table
from auditflow.handbook.merged import only_when
from auditflow.handbook.permission_table import ROLES, audit_of, person_of
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.rows import Up

#: What counts as the thing done, for each trigger.
DONE_MEANS: Final = {
    Trigger.T1: "the grade is agreed after all, or final",
    Trigger.T2: "nothing: what was done must be answered in words",
    Trigger.T3: "the action is done (or cancelled)",
    Trigger.T4: "the review is recorded",
    Trigger.T5: "the action is done and filed (or cancelled)",
    Trigger.T6: "the audit is held",
    Trigger.T7: "the tool is submitted",
    Trigger.T8: "the moderation is recorded, or the grade becomes final as another than Inadequate",
    Trigger.T9: "the moderation, verification or judgement is done",
}

#: Why it starts at that level: the first above whoever missed it.
WHY_THERE: Final = {
    Trigger.T1: "auditor and key worker did not agree; the guidance sends them to level 2",
    Trigger.T2: "a child at risk waits for no ladder",
    Trigger.T3: "the responsible manager, level 1, missed it",
    Trigger.T4: "the responsible manager, level 1, missed it",
    Trigger.T5: "the action's owner missed it, who may be the responsible manager",
    Trigger.T6: "the auditor missed it; level 1 manages the key worker, not the auditor",
    Trigger.T7: "the auditor missed it; level 1 manages the key worker, not the auditor",
    Trigger.T8: "the Head of Service moderates each Inadequate",
    Trigger.T9: "a moderator, the QA Team or a judge missed it; somebody else of level 2 acts;"
    " where the Head of Service was to judge a new date, the level above",
}


def triggers() -> str:
    """What raises each trigger, when, at which level it starts and why, and who is told."""
    headings = ("Trigger", "What it is", "Raised", "Starts at", "For", "Also told")
    return table(headings, (_trigger(t) for t in Trigger))


def _trigger(trigger: Trigger) -> Sequence[str]:
    joint = JOINT.get(trigger)
    told = [r for r in COPIES[trigger] if joint is None or r is not joint.holder]
    return (
        str(trigger),
        trigger.title,
        listed(_raised(trigger)),
        _starts_at(trigger),
        WHY_THERE[trigger],
        listed((r.title for r in told), "and"),
    )


def _raised(trigger: Trigger) -> Iterator[str]:
    for chart in CHARTS.values():
        for event in dict.fromkeys(r.event for r in chart.rows if r.raises is trigger):
            yield f"at once, by “{plain(event)}”"
    late = [f"“{d.title}”" for d in DUTIES.values() if d.missed is trigger]
    if late:
        yield f"the first working day after {listed(late)} was due"


def _starts_at(trigger: Trigger) -> str:
    """The level, with the joint addressee, and for T5 the other level."""
    level, joint = ENTRY[trigger], JOINT.get(trigger)
    if trigger is Trigger.T5:
        return f"level {level}; level {level + 1} where the responsible manager owns the action"
    if joint is None:
        return f"level {level}"
    both = f"{level.holder.title} (level {level}) and {joint.holder.title} (level {joint})"
    return f"level {level}, to {both} together"


def settled() -> str:
    """What counts as done for each trigger, and who judges an answer of each kind."""
    rows = (
        (str(trigger), says, DONE_MEANS[trigger], _judged(trigger, kind))
        for trigger in Trigger
        for kind, says in _answers(trigger)
    )
    return table(("Trigger", "Answered", "Done means", "Judged by"), rows)


def _answers(trigger: Trigger) -> Iterator[tuple[Answer, str]]:
    match trigger:
        case Trigger.T1:
            yield "advice", "with the grade advised"
        case Trigger.T2:
            yield "in_words", "in words"
        case _:
            yield "in_words", "in words, or by being done"
    if trigger in (Trigger.T3, Trigger.T5):
        yield "new_date", "with a new date"


def _judged(trigger: Trigger, kind: Answer) -> str:
    """Who may accept; for T1 both must, until a decision takes the place of that."""
    found = _by_level(lambda level: _who(trigger, level, kind, "accept"))
    if trigger is not Trigger.T1:
        return "; ".join(_at(listed(who), levels) for who, levels in found.items())
    said = (_at(f"both {listed(who, 'and')}", levels) for who, levels in found.items())
    return "; ".join([*said, *_decided()])


def _decided() -> Iterator[str]:
    """Where a decision takes the place of everybody's acceptance."""
    rows = [r for r in CHARTS["escalation"].rows if r.event == "decide"]
    always = set.intersection(*(set(r.guards) for r in rows))
    for row in rows:
        level = CHARTS["escalation"].states[row.start].title.lower()
        who = listed(role.title for role in row.by)
        more = only_when("escalation", (g for g in row.guards if g not in always))
        only = f" (only when {more})" if more else ""
        yield f"at {level} the {who} decides, and nobody need accept{only}"


def _by_level(ask: Callable[[Level], Iterable[str]]) -> dict[tuple[str, ...], list[Level]]:
    """Levels grouped by what is said of them."""
    found: dict[tuple[str, ...], list[Level]] = {}
    for level in Level:
        found.setdefault(tuple(ask(level)), []).append(level)
    return found


def _at(who: str, levels: Sequence[Level]) -> str:
    """Who, and at which levels where it is not at all of them."""
    alike = len(levels) == len(Level)
    return who if alike else f"{who} at level {listed(str(n.value) for n in levels)}"


@cache
def _sample() -> Audit:
    return audit_of("own", 1, moderation=True)


def standing(trigger: Trigger, level: Level, answer: Answer = "", by: str = "somebody") -> Audit:
    """A sample audit with one escalation of this trigger at this level, answered or not."""
    audit = _sample()
    escalation = Escalation(
        n=1,
        state=level.state,
        trigger=trigger,
        cause="sample",
        action=1,
        about=0,
        enters=level,
        raised_on=audit.month,
        overdue_since=None,
        answer=answer,
        answered_by=by if answer else "",
    )
    return replace(audit, escalations=(escalation,))


def _who(trigger: Trigger, level: Level, answer: Answer, event: str) -> tuple[str, ...]:
    """The roles that may bring this event to such an escalation of an audit of theirs."""
    audit = standing(trigger, level, answer)
    allowed: Iterable[Role] = (r for r in ROLES if can(person_of(r), event, audit, "escalation", 1))
    return tuple(role.title for role in allowed)


def answering() -> str:
    """Who answers at each level, by when, and what happens without an answer."""
    return table(("Level", "Who answers", "Window", "Unanswered"), map(_answering, Level))


def _answering(level: Level) -> Sequence[str]:
    usual = _who(Trigger.T4, level, "", "answer")
    others: dict[tuple[str, ...], list[str]] = {}
    for trigger in Trigger:
        who = _who(trigger, level, "", "answer")
        if who != usual:
            others.setdefault(who, []).append(str(trigger))
    says = [listed(usual), *(f"{listed(ts, 'and')}: {listed(who)}" for who, ts in others.items())]
    window = _window(level)
    return (
        f"Level {level}",
        "; ".join(says),
        window or "none; it stays open, on every board report",
        f"up to level {level + 1}" if window else "stays",
    )


def _window(level: Level) -> str:
    """How long there is to answer at this level, T2 apart; empty at the top."""
    duties = CHARTS["escalation"].duties
    climbing = (d for d in duties if isinstance(d.missed, Up) and "answer" in d.met_by)
    here = (d for d in climbing if level.state in {s.name for s in d.states} and not d.any_day)
    return next((d.within.words for d in here), "")

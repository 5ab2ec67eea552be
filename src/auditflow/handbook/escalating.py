"""What raises an escalation, who answers it, who judges the answer: asked of the code itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from msgspec.structs import replace

from auditflow.audits import COPIES, ENTRY, JOINT, Answer, Audit, Level, Role, Trigger
from auditflow.commands import can
from auditflow.drawing.labels import listed, plain
from auditflow.handbook.markup import table
from auditflow.handbook.merged import only_when
from auditflow.handbook.permission_table import ROLES, audit_of, escalation_of, person_of
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.rows import Up


def trigger(name: str) -> str:
    """Four cells of a row: the trigger, what it is, what raises it, at which level it starts."""
    one = Trigger(name)
    return " | ".join((one, one.title, listed(_raised(one)), _starts_at(one)))


def also_told(name: str) -> str:
    """Who is told of it beside those who must answer."""
    joint = JOINT.get(Trigger(name))
    told = [r for r in COPIES[Trigger(name)] if joint is None or r is not joint.holder]
    return listed((r.title for r in told), "and")


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


def judged(name: str, kind: Answer) -> str:
    """Who may accept an answer of that kind to a trigger; T1 wants both, until it is decided."""
    trigger = Trigger(name)
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
    return replace(_sample(), escalations=(escalation_of(1, trigger, level, answer, by),))


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

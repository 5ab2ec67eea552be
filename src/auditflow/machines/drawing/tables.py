"""A chart as Markdown tables, so that who cannot see the picture can follow every case through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from auditflow.audits import COPIES, ENTRY, JOINT, Role, Trigger
from auditflow.machines.drawing.document import document
from auditflow.machines.drawing.facts import sheet
from auditflow.machines.drawing.overlay import Overlay
from auditflow.machines.drawing.words import plain, roles

_MARKS: Final = str.maketrans(
    {c: f"\\{c}" for c in "\\`*_[]|#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)

ARROWS: Final = ("From", "What happens", "Who", "Only when", "To", "Raises", "Line", "Source")
DUTIES: Final = ("While", "What is owed", "Who", "Within", "Only when", "Met by", "If late")


def markdown(name: str, over: Overlay | None = None) -> str:
    """The chart of that name as a document: states, arrows, duties, questions and triggers."""
    drawn, facts = sheet(name), document(name, over)
    titles = {s["name"]: s["title"] for s in facts["states"]}
    parts = [
        f"# {drawn.title}",
        f"{drawn.stamp} Made by `auditflow chart draw`; not to be edited by hand.",
        _HOW,
        *([f"**{_safe(facts['laid_over'])}**"] if "laid_over" in facts else []),
        "## Where it can be",
        table(("State", "Held by", "Line", "Remark"), _states(facts, drawn.name)),
        "## What happens",
        table(ARROWS, (_arrow(a, titles) for a in facts["arrows"])),
        "## What is owed",
        table((*DUTIES, "Line", "Source"), (_duty(d) for d in facts["duties"])),
    ]
    if name == "escalation":
        parts += ["## What raises it", table(_RAISED, _triggers())]
    return "\n\n".join(parts) + "\n"


_HOW: Final = (
    "Solid: the guidance says it. Dashed: inferred from comparable councils' practice, or chosen"
    " by the design, with the reason. What auditflow does, it does by itself. “→ T…” raises that"
    " trigger on Flow Chart 2. Being late is worked out from the dates; it is no state."
)
_RAISED: Final = ("Trigger", "What it is", "Starts at", "Copied to")


def _states(facts: dict[str, Any], name: str) -> Iterable[Sequence[str]]:
    for state in facts["states"]:
        row = next(s for s in sheet(name).states.values() if s.name == state["name"])
        remark = ["The process ends here." if state["end"] else ""]
        remark += [state.get("no_duty_because", ""), state.get("now", "")]
        remark += ["YOU ARE HERE." if "here" in state else ""]
        said = " ".join(filter(None, remark))
        if state["initial"]:
            yield state["title"], "", "", said
        else:
            yield state["title"], row.holder.title, "solid" if state["solid"] else "dashed", said


def _arrow(arrow: dict[str, Any], titles: dict[str, str]) -> Sequence[str]:
    what = plain(arrow["event"]) + (f" ({arrow['question']})" if arrow["question"] else "")
    now = [arrow["now"]] if "now" in arrow else []
    now += ["on the way it came"] if "on_the_way" in arrow else []
    stays = arrow["from"] == arrow["to"]
    return (
        titles[arrow["from"]],
        what + (f"; {', '.join(now)}" if now else ""),
        roles([Role(role) for role in arrow["by"]]),
        arrow["only_when"],
        "stays" if stays else titles[arrow["to"]],
        arrow["raises"] or "",
        arrow["source"],
        arrow["says"],
    )


def _duty(duty: dict[str, Any]) -> Sequence[str]:
    what = duty["title"] + (f" ({duty['now']})" if "now" in duty else "")
    return (
        duty["while"],
        what,
        duty["by"],
        duty["within"],
        duty["only_when"],
        duty["met_by"],
        duty["if_late"],
        duty["source"],
        duty["says"],
    )


def _triggers() -> Iterable[Sequence[str]]:
    for trigger, level in ENTRY.items():
        where = f"Level {level.value}"
        if trigger is Trigger.T5:
            where += ", or level 2 where the action is the responsible manager's own"
        joint = JOINT.get(trigger)
        if joint:
            where += f", with {roles([joint.holder])} as joint addressee"
        yield str(trigger), trigger.says, where, roles(COPIES[trigger])


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; what is in a cell is text, never markup."""
    lines = [headings, ["---"] * len(headings), *([_safe(c) for c in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _safe(text: str) -> str:
    return text.translate(_MARKS)

"""What a command is: a frozen form a person sends, the events it brings and the facts it notes."""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, dataclass_transform

from msgspec.structs import replace

from auditflow.audits import Audit, Person
from auditflow.calendar import Calendar
from auditflow.errors import BadInput
from auditflow.machines.duties import Rules
from auditflow.machines.events import Attribution, Effect, Event
from auditflow.policy import Policy

#: The longest text a form takes; a case file stays on Mosaic.
LONGEST_TEXT = 20_000

#: Control characters but tab and line ends, and halves of characters that no database stores.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class CommandContext:
    """What a form may ask while it notes its facts, and the warnings it leaves."""

    attribution: Attribution
    #: The London date on which it was done.
    day: date
    rules: Rules
    actor: Person
    #: A person by id, to be given something; NotFound if there is none, Refused if they left.
    person: Callable[[str], Person]
    #: Puts a text away under the audit's own key and gives its digest.
    keep: Callable[[str], str]
    #: Whether the round's seed draws this audit into the sample that is moderated.
    sampled: Callable[[], bool] = bool
    warnings: list[str] = dataclasses.field(default_factory=list)
    #: Whom the person who acts stands in for, if anybody.
    acting_for: Person | None = None

    @property
    def whose(self) -> Person:
        """The person whose place or post is used: the one stood in for, or the one who acts."""
        return self.acting_for or self.actor

    @property
    def both(self) -> tuple[str, ...]:
        """The one who acts, and the one stood in for."""
        return tuple(dict.fromkeys((self.actor.id, self.whose.id)))

    @property
    def calendar(self) -> Calendar:
        """The working days in force."""
        return self.rules.calendar

    @property
    def policy(self) -> Policy:
        """The settings in force."""
        return self.rules.policy


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Form:
    """What a person sends: each kind is a frozen dataclass, whose fields are given by name."""

    def __init_subclass__(cls) -> None:
        """Make a dataclass of every kind, so that none can be left to change."""
        dataclass(frozen=True, kw_only=True)(cls)


class AuditCommand(Form):
    """A form about one audit. `event` names the arrow it asks for."""

    #: The audit's reference, such as 2026-03-007.
    audit: str
    event: ClassVar[str] = ""
    kind: ClassVar[str] = "audit"

    def events(self, audit: Audit) -> tuple[Event, ...]:
        """The events it brings, in order."""
        del audit
        return (Event(self.kind, self.part, self.event, self.then()),)

    def then(self) -> Effect | None:
        """What its event brings about once the chart has said yes, if anything."""
        return None

    @property
    def part(self) -> int:
        """The number of the action or escalation it is about; 0 is the audit itself."""
        return 0

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """The audit with the form's facts noted; BadInput where they cannot be."""
        del context
        return audit


def require_text(text: str, name: str, otherwise: str = "Say it in a sentence or two.") -> str:
    """A text that must be there, as `validate_text` gives it."""
    if not text.strip():
        raise BadInput(f"{name} is empty. {otherwise}")
    return validate_text(text, name)


def store_text(text: str, name: str, context: CommandContext) -> str:
    """A text that must be there, put away; its digest."""
    return context.keep(require_text(text, name))


def store_optional_text(text: str, name: str, context: CommandContext) -> str:
    """A text that may be missing, put away; its digest or nothing."""
    return store_text(text, name, context) if text.strip() else ""


def validate_text(text: str, name: str) -> str:
    """The text, if it can be stored and shown: not too long, no control characters."""
    if len(text) > LONGEST_TEXT:
        raise BadInput(
            f"{name} has {len(text):,} characters; at most {LONGEST_TEXT:,} are taken. "
            "Put the long text on Mosaic and say here where it is."
        )
    found = _CONTROL.search(text)
    if found:
        place = found.start() + 1
        raise BadInput(f"{name} has a control character at place {place}. Type it without that.")
    return text.strip()


def field(help: str, **more: Any) -> Any:  # noqa: A002 - what click calls it
    """A field of a form with its help for the command line and the page; with its default."""
    return dataclasses.field(metadata={"help": help}, **more)


class WithReason(AuditCommand):
    """A form that notes why."""

    reason: str = field("why")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the reason."""
        return replace(audit, reason=store_text(self.reason, "The reason", context))

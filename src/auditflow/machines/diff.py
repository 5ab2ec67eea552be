"""What an event changed, as data; and the audit those changes, folded, give again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from auditflow.audits import Action, Audit, Escalation, Finding, OpenDuty
from auditflow.guidance.tool import ELEMENTS
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.effects import part


class _Parts(NamedTuple):
    """The parts one field holds: their type, what tells them apart, and their order."""

    type: type[msgspec.Struct]
    key: Callable[[Any], str]
    place: Callable[[Any], Any]


_KINDS = tuple(CHARTS)
_CARDS = tuple(DUTIES)
_ELEMENTS = tuple(e.key for e in ELEMENTS)


def _place(owed: OpenDuty) -> tuple[int, int, int]:
    """Duties stand in the order of the charts, of the parts, of the cards."""
    kind, n = part(owed.subject)
    return _KINDS.index(kind), n, _CARDS.index(owed.duty)


#: The fields that hold parts.
_PARTS = {
    "actions": _Parts(Action, lambda a: str(a.n), lambda a: a.n),
    "escalations": _Parts(Escalation, lambda e: str(e.n), lambda e: e.n),
    "findings": _Parts(Finding, lambda f: f.element, lambda f: _ELEMENTS.index(f.element)),
    "duties": _Parts(OpenDuty, lambda o: f"{o.duty}|{o.subject}", _place),
}
_FIELDS = Audit.__struct_fields__


def changes(before: Audit | None, after: Audit) -> dict[str, Any]:
    """The fields of `after` that differ from `before`; of parts, only those parts."""
    if before is None:
        return {name: getattr(after, name) for name in _FIELDS}
    found: dict[str, Any] = {}
    for name in _FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old is new or old == new:
            continue
        found[name] = _part_changes(old, new, _PARTS[name].key) if name in _PARTS else new
    return found


def _part_changes(old: Iterable[Any], new: Iterable[Any], key: Any) -> dict[str, Any]:
    was = {key(p): p for p in old}
    now = {key(p): p for p in new}
    changed: dict[str, Any] = {
        k: p for k, p in now.items() if was.get(k) is not p and was.get(k) != p
    }
    changed.update(dict.fromkeys((k for k in was if k not in now), None))
    return changed


def fold(audit: Audit | None, changed: Mapping[str, Any]) -> Audit:
    """The audit after `changed` (as read back from a journal line) is applied to it."""
    if audit is None:
        return msgspec.convert(changed, Audit)
    values = {
        name: _folded(getattr(audit, name), new, _PARTS[name])
        if name in _PARTS
        else msgspec.convert(new, _TYPES[name])
        for name, new in changed.items()
    }
    return msgspec.structs.replace(audit, **values)


def _folded(old: Iterable[Any], changed: Mapping[str, Any], parts: _Parts) -> tuple[Any, ...]:
    now = {parts.key(p): p for p in old if parts.key(p) not in changed}
    now |= {k: msgspec.convert(p, parts.type) for k, p in changed.items() if p is not None}
    return tuple(sorted(now.values(), key=parts.place))


_TYPES = {f.name: f.type for f in msgspec.structs.fields(Audit)}

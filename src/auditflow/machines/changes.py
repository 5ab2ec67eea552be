"""What an event changed, as data; and the audit those changes, folded, give again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from auditflow.audits import Action, Audit, Escalation, Finding, Owed

#: The fields that hold parts, each with its type and the key its parts are told apart by.
_PARTS: dict[str, tuple[type[msgspec.Struct], Any]] = {
    "actions": (Action, lambda a: str(a.n)),
    "escalations": (Escalation, lambda e: str(e.n)),
    "findings": (Finding, lambda f: f.element),
    "duties": (Owed, lambda o: f"{o.duty}|{o.subject}"),
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
        found[name] = _part_changes(old, new, _PARTS[name][1]) if name in _PARTS else new
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
    values: dict[str, Any] = dict(changed)
    for name in _PARTS.keys() & changed.keys():
        kind, key = _PARTS[name]
        now = {key(p): p for p in getattr(audit, name)}
        for k, p in changed[name].items():
            if p is None:
                now.pop(k, None)
            else:
                now[k] = msgspec.convert(p, kind)
        values[name] = tuple(now.values())
    plain = {k: v for k, v in values.items() if k not in _PARTS}
    typed = {k: msgspec.convert(v, _TYPES[k]) for k, v in plain.items()}
    return msgspec.structs.replace(audit, **typed, **{k: values[k] for k in values if k in _PARTS})


_TYPES = {f.name: f.type for f in msgspec.structs.fields(Audit)}

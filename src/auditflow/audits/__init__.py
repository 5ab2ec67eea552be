"""Facts about an audit and the guards worked out from them; pure, frozen data."""

from auditflow.audits.audit import EXITS, HELD, Audit, is_smart
from auditflow.audits.facts import GradeStatus, Kind, Moderation
from auditflow.audits.part_facts import ActionFacts, EscalationFacts, cause_of
from auditflow.audits.parts import (
    Action,
    Answer,
    Escalation,
    Finding,
    Indicator,
    Owed,
    Remark,
    Resolution,
    Sealed,
    YesNo,
)
from auditflow.audits.roles import POSTS, SYSTEM, TITLES, Deputyship, Person, Role
from auditflow.audits.triggers import COPIES, ENTRY, JOINT, LEVEL_OF_STATE, Level, Trigger

__all__ = [
    "COPIES",
    "ENTRY",
    "EXITS",
    "HELD",
    "JOINT",
    "LEVEL_OF_STATE",
    "POSTS",
    "SYSTEM",
    "TITLES",
    "Action",
    "ActionFacts",
    "Answer",
    "Audit",
    "Deputyship",
    "Escalation",
    "EscalationFacts",
    "Finding",
    "GradeStatus",
    "Indicator",
    "Kind",
    "Level",
    "Moderation",
    "Owed",
    "Person",
    "Remark",
    "Resolution",
    "Role",
    "Sealed",
    "Trigger",
    "YesNo",
    "cause_of",
    "is_smart",
]

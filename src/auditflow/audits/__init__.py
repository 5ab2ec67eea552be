"""Facts about an audit and the guards worked out from them; pure, frozen data."""

from auditflow.audits.audit import Audit, is_smart
from auditflow.audits.facts import GradeStatus, Kind, Moderation
from auditflow.audits.part_facts import ActionFacts, EscalationFacts, cause_of
from auditflow.audits.parts import (
    Action,
    Answer,
    Escalation,
    Finding,
    Indicator,
    OpenDuty,
    Remark,
    Resolution,
    Sealed,
    YesNo,
)
from auditflow.audits.roles import PLACES, POSTS, SYSTEM, Deputyship, Person, Role
from auditflow.audits.states import State, enter, initial, states_that
from auditflow.audits.triggers import COPIES, ENTRY, JOINT, Level, Trigger, level_of
from auditflow.audits.words import Guard, Moment, Titled, words_of

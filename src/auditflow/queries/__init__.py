"""What people ask of the store, nearly all by a reading; nothing here changes it."""

from auditflow.queries.audit_detail import AuditDetail, Declined, audit_detail
from auditflow.queries.board import Board, Place, board
from auditflow.queries.content import Content
from auditflow.queries.earlier import Earlier
from auditflow.queries.office import (
    PolicyChange,
    PolicyInForce,
    calendar_in_force,
    deputyships,
    people,
    policy_history,
    policy_in_force,
)
from auditflow.queries.reading import Reading
from auditflow.queries.suppression import Figure
from auditflow.queries.work import Job, work

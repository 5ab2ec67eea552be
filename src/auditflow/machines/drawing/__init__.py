"""The charts drawn from the lines that run: DOT, pictures, Mermaid, tables, traceability."""

from auditflow.machines.drawing.document import document
from auditflow.machines.drawing.facts import FILES, sheet
from auditflow.machines.drawing.files import COMPARED, ENDINGS, KEPT, dot, draw, drawing, stale
from auditflow.machines.drawing.mermaid import mermaid
from auditflow.machines.drawing.overlay import Counts, OneAudit, Overlay, Step
from auditflow.machines.drawing.render import picture
from auditflow.machines.drawing.tables import markdown
from auditflow.machines.drawing.trace import holes, traceability

__all__ = [
    "COMPARED",
    "ENDINGS",
    "FILES",
    "KEPT",
    "Counts",
    "OneAudit",
    "Overlay",
    "Step",
    "document",
    "dot",
    "draw",
    "drawing",
    "holes",
    "markdown",
    "mermaid",
    "picture",
    "sheet",
    "stale",
    "traceability",
]

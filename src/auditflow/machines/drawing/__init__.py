"""The charts drawn from the lines that run: DOT, pictures, Mermaid, JSON; what traces to what."""

from auditflow.machines.drawing.document import document
from auditflow.machines.drawing.facts import FILES, sheet
from auditflow.machines.drawing.formats import COMPARED, ENDINGS, KEPT, PICTURES, dot, drawing
from auditflow.machines.drawing.mermaid import mermaid
from auditflow.machines.drawing.overlay import Counts, OneAudit, Overlay, Room, Step
from auditflow.machines.drawing.render import picture
from auditflow.machines.drawing.trace import holes

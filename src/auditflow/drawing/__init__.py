"""The charts drawn from the lines that run: DOT, pictures, Mermaid, JSON; what traces to what."""

from auditflow.drawing.document import document
from auditflow.drawing.fitting import check
from auditflow.drawing.formats import COMPARED, ENDINGS, KEPT, PICTURES, dot, drawing, laid_out
from auditflow.drawing.mermaid import mermaid
from auditflow.drawing.model import FILES, STAMP, sheet
from auditflow.drawing.overlay import Counts, OneAudit, Overlay, Room, Step
from auditflow.drawing.traceability import holes

"""Page, type and colours of the drawings; contrast measured by the rules of WCAG 2.2.

Meaning is never colour alone: a border, a shape or words say it too, so that a grey print reads.
"""

from typing import Final

from auditflow.audits import Role

MM: Final = 72 / 25.4
#: What is left of A4 landscape inside margins of 10 mm, in points.
PAGE: Final = (277 * MM, 190 * MM)
#: No text may be printed smaller than this, in points.
SMALLEST: Final = 7.0
#: Air round the drawing, so that no border is cut.
EDGE: Final = 2.0

FONT: Final = "Helvetica"
BOLD: Final = "Helvetica-Bold"
TEXT: Final = 7.1
NAME: Final = 8.2
HEAD: Final = 8.0
TITLE: Final = 12.5

INK: Final = "#0b0c0c"
SOFT: Final = "#383a3c"
PAPER: Final = "#ffffff"
LINE: Final = "#3b3d3f"
RULE: Final = "#c4c8cb"
CREAM: Final = "#fffdf5"
CARD_EDGE: Final = "#7a4f00"
LIMIT: Final = "#fff3cd"
LIMIT_INK: Final = "#5a3b00"
ALARM: Final = "#6e1616"
COUNT: Final = "#1d4f91"
HERE: Final = "#ffdd00"
DIAMOND: Final = "#fff7bf"

#: Ground, border and heading of a lane.
SPINE_COLOURS: Final = ("#ffffff", "#0b0c0c", "#0b0c0c")
GREY: Final = ("#f1f1f1", "#7a7d80", "#2b2d2f")
LANE_COLOURS: Final = {
    Role.AUDITOR: ("#eaf6ee", "#4f8f68", "#0c4a26"),
    Role.KEY_WORKER: ("#fdf4df", "#a98a2f", "#5a4300"),
    Role.OWNER: ("#fdf4df", "#a98a2f", "#5a4300"),
    Role.RESPONSIBLE_MANAGER: ("#f6ecf8", "#9a66a3", "#54245b"),
    Role.QA_TEAM: ("#eaf1fa", "#5b7fae", "#16325c"),
    Role.JUDGE: ("#eaf1fa", "#5b7fae", "#16325c"),
    Role.HEAD_OF_SERVICE: GREY,
    Role.HOLDER: GREY,
}

"""Paper, colours and strokes of the drawings; contrast measured by the rules of WCAG 2.2.

Meaning is never colour alone: a border, a shape or words say it too, so that a grey print reads.
Lengths are in units, of which the letters are eight high; a sheet with larger letters has larger
units.
"""

from typing import Final

from auditflow.audits import Role

#: A4 on its side, in points, and the white edge that printers leave.
A4: Final = (841.89, 595.28)
MARGIN: Final = 17.0
#: Letters in points: as large as the sheet has room for, never under the smaller for print.
LARGEST: Final = 11.0
SMALLEST: Final = 8.0
#: With figures laid over it, a sheet that is printed may shrink to this.
SMALLEST_LAID_OVER: Final = 7.0

TEXT: Final = 8.0
NAME: Final = 9.5
TITLE: Final = 14.0

INK: Final = "#0b0c0c"
SOFT: Final = "#383a3c"
PAPER: Final = "#ffffff"
LINE: Final = "#0b0c0c"
CARD: Final = "#fffdf5"
CARD_EDGE: Final = "#7a4f00"
LIMIT: Final = "#fff3cd"
LIMIT_INK: Final = "#5a3b00"
ALARM: Final = "#6e1616"
COUNT: Final = "#d9e6f7"
COUNT_INK: Final = "#16325c"
HERE: Final = "#ffdd00"
DIAMOND: Final = "#fff7bf"

#: Ground, border and heading of a lane, by the first role in it.
GREY: Final = ("#f1f1f1", "#7a7d80", "#2b2d2f")
_GREEN: Final = ("#eaf6ee", "#4f8f68", "#0c4a26")
_AMBER: Final = ("#fdf4df", "#a98a2f", "#5a4300")
_VIOLET: Final = ("#f6ecf8", "#9a66a3", "#54245b")
_BLUE: Final = ("#eaf1fa", "#5b7fae", "#16325c")
LANES: Final = {
    Role.AUDITOR: _GREEN,
    Role.KEY_WORKER: _AMBER,
    Role.OWNER: _AMBER,
    Role.RESPONSIBLE_MANAGER: _VIOLET,
    Role.QA_TEAM: _BLUE,
    Role.JUDGE: _BLUE,
}

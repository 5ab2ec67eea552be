"""What the handbook's texts leave blank: numbers and titles as the code has them."""

from functools import cache
from typing import Any, get_args

from auditflow.audits import Resolution, Role
from auditflow.calendar import By, bundled, plain_date
from auditflow.drawing.labels import listed
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.machines.charts import DUTIES
from auditflow.policy import SETTINGS
from auditflow.sampling import STRATA, Why


@cache
def known() -> dict[str, Any]:
    """Every number and title a text may name, by its kind and its name in the code."""
    calendar = bundled()
    return {
        "limits": {
            name: duty.within.words
            for name, duty in DUTIES.items()
            if not isinstance(duty.within, By)
        },
        "titles": {name: duty.title for name, duty in DUTIES.items()},
        "settings": {s.name: s.default.replace("_", " ") for s in SETTINGS},
        "roles": {role.value: role.title for role in Role},
        "reminded_before": {n: str(d.ahead) for n, d in DUTIES.items() if d.ahead},
        "left_out": {why.value: why.title for why in Why},
        "elements": str(len(ELEMENTS)),
        "resolutions": listed(r.replace("_", " ") for r in get_args(Resolution) if r),
        "grades": listed(g.title for g in Grade),
        "strata": listed((s.replace("_", " ") for s in STRATA), "and"),
        "calendar_first": plain_date(calendar.first),
        "calendar_last": plain_date(calendar.last),
    }


def filled(text: str) -> str:
    """The text with its blanks filled in; KeyError names a blank that nothing fills."""
    return text.format_map(known())

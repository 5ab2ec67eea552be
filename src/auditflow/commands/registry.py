"""Every form there is, held against the charts: no event of people lacks one."""

from collections.abc import Iterator, Mapping
from typing import get_args

from auditflow.commands import escalations, follow_up, meeting, raising, scheduling
from auditflow.commands.base import AuditCommand
from auditflow.commands.office import OfficeCommand
from auditflow.machines.charts import CHARTS
from auditflow.machines.notation import ChartClass
from auditflow.machines.validation import Malformed

Forms = Mapping[tuple[str, str], type[AuditCommand]]

#: Each form by the chart it is for and the event it brings.
FORMS: Forms = {
    (form.kind, form.event): form
    for module in (scheduling, meeting, follow_up, raising, escalations)
    for form in vars(module).values()
    if isinstance(form, type) and issubclass(form, AuditCommand) and form.event
}


def demand_forms(charts: Mapping[str, ChartClass], forms: Forms) -> None:
    """Refuse, as Malformed, charts and forms that do not fit, with the list of what is wrong."""
    if wrong := [*_without_form(charts, forms), *_without_event(charts, forms)]:
        raise Malformed("; ".join(wrong))


def _without_form(charts: Mapping[str, ChartClass], forms: Forms) -> Iterator[str]:
    office = {command.name for command in get_args(OfficeCommand)}
    known = office | {event for _, event in forms}
    for kind, chart in charts.items():
        for event in dict.fromkeys(r.event for r in chart.rows if not r.system):
            rows = [r for r in chart.rows if r.event == event]
            comes_with = {name for r in rows for name in r.comes_with}
            if (kind, event) not in forms and not comes_with:
                yield f"nobody can bring “{event}”: no form in commands/ brings it"
            for name in sorted(comes_with - known):
                yield f"“{event}” comes with “{name}”, for which there is no form"


def _without_event(charts: Mapping[str, ChartClass], forms: Forms) -> Iterator[str]:
    for kind, event in forms:
        if kind not in charts or all(r.event != event for r in charts[kind].rows):
            yield f"a form brings “{event}”, which no chart of {kind}s knows"


demand_forms(CHARTS, FORMS)

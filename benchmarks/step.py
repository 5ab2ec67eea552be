"""One command through the whole service, and one event of a chart."""

from __future__ import annotations

from benchmarks.bare import Bare, Recorder, same, written
from benchmarks.measure import ROUNDS, Row, in_turns, timed
from benchmarks.stores import BEFORE, Clones, Genuine, Stores, reference

from auditflow.application import App
from auditflow.audits import Audit
from auditflow.commands import follow_up
from auditflow.machines.charts import CHARTS, facts_of
from auditflow.machines.engine import engine
from auditflow.persistence.register import Register

#: Short rounds, and many: the disk's moods then meet both sides alike.
PER = 40
EVIDENCE = "The chronology covers the last twelve months; see Mosaic, 3 March."


def persisted(made: Genuine, stores: Stores, *, quick: bool) -> Row:
    """Completing an action, against a bare program that writes the very same rows as durably."""
    rounds, per = ROUNDS if quick else 51, PER
    count = per * (rounds + 1)
    here, there = stores.twins("step", [Clones(made.live, count), Clones(made.drawn, count)])
    app, bare, recorder = App(here), Bare(there), Recorder(here)
    ours, theirs = [], []
    for n in range(rounds + 1):
        ids = range(n * per + 1, (n + 1) * per + 1)
        commands = [
            (i, follow_up.Complete(audit=reference(i), action=1, evidence=EVIDENCE)) for i in ids
        ]
        before = recorder.of(ids)

        def serve() -> None:
            for _, command in commands:  # noqa: B023 - called before the next round
                app.service.do(command, by="kw", now=BEFORE)

        spent = timed(serve) / per
        steps = list(zip(commands, written(before, recorder.of(ids)), strict=True))

        def write() -> None:
            for (_, command), rows in steps:  # noqa: B023 - the same
                bare.step(command.audit, "kw", rows)

        other = timed(write) / per
        # A moment has one job, which the first round made.
        assert not bare.wake(recorder.jobs()) or not n
        if n:
            ours.append(spent)
            theirs.append(other)
    assert same(here, there, range(1, count + 1)), "the bare program wrote other rows"
    for one in (app, bare, recorder):
        one.close()
    return Row(
        "one persisted step (complete an action)",
        ours,
        theirs,
        f"{stores.bare}, same rows, as durable",
        "µs",
        "3 (aim 2)",
    )


def fired(made: Genuine) -> Row:
    """Asking the chart for one event with its guards, against a table written out by hand."""
    app = App(str(made.file))
    with app.store.reading() as connection:
        held = Register(connection).open(made.live, "")[0]
    app.close()
    assert held is not None
    facts, state = facts_of(held.audit, "action", 1)
    ready = _Evidence(facts)
    chart = engine(CHARTS["action"])
    by_hand = {("open", "complete"): (("done", True), ("done", False))}

    def ours() -> None:
        for _ in range(1000):
            chart.fire(state, "complete", ready)

    def bare() -> None:
        for _ in range(1000):
            rows = by_hand[state, "complete"]
            next(end for end, now in rows if ready.immediate is now and ready.evidence_given)

    mine, theirs = in_turns(ours, bare, per=1000)
    return Row("fire one event (decision, 2 guards)", mine, theirs, "a table by hand", "µs")


class _Evidence:
    """The facts of an action, as if its evidence were given."""

    def __init__(self, facts: object) -> None:
        assert not isinstance(facts, Audit)
        self.immediate = False
        self.evidence_given = True

"""People who keep sending while something happens to the server, and what each was told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from threading import Event

from auditflow.application import App
from auditflow.commands import SetPolicy, scheduling
from auditflow.errors import StoreTrouble
from auditflow.service import Service
from support import stores
from support.office import Office, add, at, planned
from support.waiting import until

NOW = at("2026-03-10 14:00")
#: Under which keys something was saved: a command's own, or the one its reason tells.
KEPT = """
SELECT key FROM journal WHERE key IS NOT NULL
UNION ALL SELECT substr(reason, 5, length(reason) - 5) FROM policy WHERE reason LIKE 'Why %'
"""


@dataclass(frozen=True)
class Call:
    """One thing that was sent: when, for how long it kept its sender waiting, what was said."""

    key: str
    began: float
    took: float
    trouble: str = ""


@dataclass
class Load:
    """Senders on one store, each with work of its own; `calls` is what they were told."""

    app: App
    senders: dict[str, Callable[[Service, str], object]]
    calls: list[Call] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)
    _sending: list[Future[None]] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send all the while; whatever else than trouble with the store they meet, is raised."""
        with ThreadPoolExecutor(len(self.senders)) as pool:
            self._sending = [pool.submit(self._send, name) for name in self.senders]
            try:
                yield
            finally:
                self._stop.set()
            for each in self._sending:
                each.result()

    def _send(self, name: str) -> None:
        n = 0
        while not self._stop.is_set():
            n += 1
            key, began, trouble = f"{name} {n}", time.monotonic(), ""
            try:
                self.senders[name](self.app.service, key)
            except StoreTrouble as error:
                trouble = str(error)
            self.calls.append(Call(key, began, time.monotonic() - began, trouble))
            self._stop.wait(0.02)

    def until_served(self) -> None:
        """Until every sender has been served by what it sends from now on."""
        self._until_all(lambda call: not call.trouble)

    def until_told(self) -> None:
        """Until every sender has been told of trouble with what it sends from now on."""
        self._until_all(lambda call: bool(call.trouble))

    def _until_all(self, wanted: Callable[[Call], bool]) -> None:
        since = time.monotonic()

        def missing() -> set[str]:
            # One that failed otherwise would never come.
            for each in self._sending:
                assert not each.done() or each.result()
            came = [c for c in list(self.calls) if c.began > since and wanted(c)]
            return set(self.senders) - {c.key.split()[0] for c in came}

        until(lambda: not missing(), lambda: f"still waiting: {missing()} {self.calls[-20:]}")

    def demand_truth(self, url: str) -> None:
        """Done is saved, told as not done is not saved."""
        found = stores.asked(url, KEPT)
        assert len(found) == len(set(found)), "doubled"
        kept = {key for (key,) in found}
        keyed = [c for c in self.calls if c.key.startswith(("person", "setter"))]
        assert {c.key for c in keyed if not c.trouble} <= kept, "told done, and lost"
        unsure = {c.key for c in keyed if "Look whether" in c.trouble}
        assert not {c.key for c in keyed if c.trouble} - unsure & kept, "told not done, and saved"
        print(f"{len(self.calls)} calls, {sum(bool(c.trouble) for c in self.calls)} troubled, "
              f"{len(unsure)} unsure, longest {max(c.took for c in self.calls):.1f} s")  # fmt: skip


def adding(reference: str) -> Callable[[Service, str], object]:
    """Adds an action to an audit, again and again; each once, whoever looks."""
    row = planned("kw", "2026-03-31")
    return lambda s, key: s.do(add(reference, row), by="aud", now=NOW, key=key)


def people(office: Office, count: int) -> dict[str, Callable[[Service, str], object]]:
    """So many audits under way, and somebody on each who keeps adding actions."""
    office.draw("2026-03", "2026-01-28 09:00", size=count)
    references = [f"2026-03-{n:03d}" for n in range(1, count + 1)]
    for ref in references:
        office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-28 10:00")
        meeting = scheduling.BookMeeting(audit=ref, on=date(2026, 3, 10))
        office.do(meeting, "aud", "2026-01-28 11:00")
        office.do(scheduling.ConfirmFileChecked(audit=ref), "kw", "2026-01-28 12:00")
        begun = scheduling.StartAudit(audit=ref, key_worker_present=True)
        office.do(begun, "aud", "2026-03-10 10:00")
    return {f"person-{ref}": adding(ref) for ref in references}


def setting() -> Callable[[Service, str], object]:
    """Sets a number of the policy again and again, for which nobody else may be writing."""
    numbers = count(1)

    def set_it(service: Service, key: str) -> None:
        value = str(1 + next(numbers) % 50)
        command = SetPolicy(setting="moderation_share", value=value, reason=f"Why {key}.")
        service.do_office(command, by="qam", now=NOW)

    return set_it

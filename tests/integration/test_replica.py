"""A replica answers what is asked, as the main server does, and says where changes go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from auditflow.application import App
from auditflow.commands import follow_up
from auditflow.errors import AuditflowError
from auditflow.queries import Reading, audit_detail, board
from auditflow.reports import report
from support import postgres
from support.asking import ask, listed, proof_of
from support.office import Office, at, planned
from support.postgres import Replica, Server

pytestmark = pytest.mark.only("postgres")
NOW = at("2026-03-10 12:00")


@pytest.fixture(scope="module")
def main() -> Iterator[Server]:
    with postgres.own() as own:
        yield own


@pytest.fixture
def replica(main: Server) -> Iterator[Replica]:
    found = Replica(main)
    try:
        yield found
    finally:
        found.remove()


def _lived(office: Office, month: str) -> str:
    return office.submitted(month, f"{month}-10", "2026-01-20", planned("kw", f"{month}-20"))


def test_it_answers_as_the_main_server_does(replica: Replica, tmp_path: Path) -> None:
    office = Office(tmp_path)
    ref = _lived(office, "2026-02")
    replica.caught_up()
    with (
        closing(App(replica.url(postgres.name_of(office.url)), now=NOW)) as follower,
        closing(App(office.url, now=NOW)) as leader,
    ):
        assert ask(follower, "qam", board) == ask(leader, "qam", board)
        assert ask(follower, "qam", Reading.audit, ref) == ask(leader, "qam", Reading.audit, ref)
        for name in ("completion", "cancellations"):
            assert ask(follower, "qam", report, name) == ask(leader, "qam", report, name)
        proof = proof_of(follower)
        assert (proof.audits, proof.faults) == (1, [])
        assert len(listed(follower, "qam")) == 1
        _lived(office, "2026-03")
        replica.caught_up()
        assert len(listed(follower, "qam")) == 2
    office.app.close()


def test_it_takes_no_change_and_says_so(replica: Replica, tmp_path: Path) -> None:
    office = Office(tmp_path)
    ref = _lived(office, "2026-02")
    office.app.close()
    replica.caught_up()
    with closing(App(replica.url(postgres.name_of(office.url)), now=NOW)) as follower:
        done = follow_up.Complete(audit=ref, action=1, evidence="See Mosaic, 3 March.")
        with pytest.raises(AuditflowError, match=r"it is a replica, .* Use the main server"):
            follower.service.do(done, by="kw", now=NOW)
        # Who read an audit's page is written down, so it is shown by the main server only.
        with pytest.raises(AuditflowError, match="it is a replica"):
            ask(follower, "qam", audit_detail, ref)

"""What reads the machine's clock itself: the service, what is past, backups, doctor, the watch."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditflow.application import App
from auditflow.errors import NotFound
from auditflow.operations.doctor import examine
from auditflow.operations.sweep_loop import note_swept
from auditflow.persistence import tables
from auditflow.queries import audit_detail
from auditflow.settings.reading import read
from auditflow.web import site
from support.asking import ask
from support.checks import rows
from support.frozen import frozen_at
from support.office import Office
from support.shell import Shell, plain

pytestmark = pytest.mark.only("sqlite")

#: Half past eleven in the evening in UTC, and in London the next day already.
LATE = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
STEP = timedelta(microseconds=1)
HERE = "http://127.0.0.1"


@pytest.fixture
def real(tmp_path: Path) -> Shell:
    """A store that is no rehearsal, with an audit of July drawn on Thu 28 May 2026."""
    shell = Shell(tmp_path)
    with frozen_at("2026-05-28T09:00:00Z"):
        shell.founded("", rehearsal=False)
        shell.drawn("2026-07", "")
    return shell


def test_now_is_the_clocks_and_goes_on_with_it_unless_a_moment_was_given(office: Office) -> None:
    given = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with frozen_at(LATE) as frozen, closing(App(office.url, given)) as rehearsing:
        app = office.app
        assert (app.now, app.writing_now, app.now.tzinfo) == (LATE, LATE, UTC)
        assert (rehearsing.now, rehearsing.clock(), rehearsing.rehearses) == (given, LATE, True)
        frozen.tick(STEP)
        assert (app.now, rehearsing.now) == (LATE + STEP, given)


def test_what_is_done_is_recorded_when_it_is_done_and_its_day_is_londons(real: Shell) -> None:
    given = ("audit", "distribute", "2026-07-001", "--auditor", "aud")
    with frozen_at(LATE):
        real.says("qa1", "", *given)
        # Five working days from Wed 1 July, as it is in London.
        page = real.told("qa1", "", "audit", "show", "2026-07-001")
    owed = {d["what"]: d["due"] for d in page["owed"]}
    assert owed["Arrange the meeting"] == "2026-07-08"
    assert [e["recorded_at"] for e in page["timeline"]][-1] == "2026-06-30T23:30:00Z"


def test_no_real_store_is_written_at_a_moment_that_was_given(real: Shell) -> None:
    given = ("audit", "distribute", "2026-07-001", "--auditor", "aud")
    with frozen_at(LATE):
        said = "--now is for reading, and for rehearsal stores"
        plain(real.tries("qa1", "2026-05-29T10:00", *given), 2, said)


def test_what_falls_due_at_midnight_is_raised_from_then_on(real: Shell) -> None:
    # To be distributed by Mon 1 June; overdue from midnight in London.
    with frozen_at("2026-06-01T22:59:59.999999Z") as frozen:
        assert real.says("", "", "sweep") == "Nothing has fallen due.\n"
        frozen.tick(STEP)
        assert "2026-07-001" in real.says("", "", "sweep")


def test_a_denial_is_noted_by_the_clock_whatever_moment_was_given(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    with closing(App(office.url, datetime(2026, 3, 1, tzinfo=UTC))) as app:
        untrained = "untrained"
        with frozen_at(LATE), pytest.raises(NotFound):
            ask(app, untrained, audit_detail, ref)
    noted = rows(office, "SELECT at FROM access_log WHERE denied = 1")
    assert noted == [("2026-06-30T23:30:00.000000+00:00",)]


def test_a_moment_is_past_once_whoever_wrote_at_it_has_written(real: Shell) -> None:
    typed = ("where", "--as-at", "2026-06-30T23:30:00Z")
    with frozen_at(LATE + timedelta(seconds=15) - STEP) as frozen:
        plain(real.tries("qam", "", *typed), 2, "is not past yet")
        frozen.tick(STEP)
        assert "Wed 1 July 2026" in real.says("qam", "", *typed)


def test_a_backup_in_a_folder_is_named_by_the_moment_it_was_made(
    real: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    with frozen_at(LATE):
        real.says("", "", "db", "backup", str(folder))
    assert [p.name for p in folder.glob("*.backup")] == ["office-20260630T233000Z.backup"]


def test_the_doctor_judges_ages_by_the_clock(office: Office) -> None:
    with office.app.store.writing() as connection:
        connection.execute(tables.store.update().values(rehearsal=0))
    note_swept(office.app.store, LATE)

    def found() -> set[str]:
        return {f.about for f in examine(lambda: read(db=office.url)).findings if f.wrong}

    with frozen_at(LATE + timedelta(minutes=10)) as frozen:
        assert found() == set()
        assert examine(lambda: read(db=office.url)).at == LATE + timedelta(minutes=10)
        frozen.tick(timedelta(seconds=1))
        assert found() == {"sweep"}
        # Bank holidays are known until the end of 2028.
        frozen.move_to("2028-07-02T10:00:00Z")
        assert found() == {"sweep", "calendar"}


def test_the_watch_takes_a_process_for_ready_for_three_turns_without_a_sweep(
    office: Office,
) -> None:
    flask = site(office.url, "qa1")
    with closing(flask.extensions["auditflow"]), frozen_at(LATE) as frozen:
        flask.config.update(SWEEPS_EVERY=60, SWEEPS_SINCE=flask.extensions["auditflow"].clock())
        frozen.tick(180)
        assert flask.test_client().get("/readyz", base_url=HERE).status_code == 200
        frozen.tick(1)
        assert flask.test_client().get("/readyz", base_url=HERE).status_code == 503

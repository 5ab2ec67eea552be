"""What watchers are told when something is not well."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from flask.testing import FlaskClient

from auditflow.application import App
from auditflow.operations.sweep_loop import note_swept, sweep_once
from auditflow.queries.health import last_swept
from auditflow.web import server, site
from support.office import Office

HERE = "http://127.0.0.1"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVERY = 60


def asked(office: Office, now: datetime) -> FlaskClient:
    """A site whose process began to sweep at noon, at another moment."""
    flask = site(office.url, "qa1", now=now)
    flask.config.update(SWEEPS_EVERY=EVERY, SWEEPS_SINCE=NOON)
    return flask.test_client()


@pytest.mark.parametrize(
    ("swept", "seconds", "status"),
    [(None, 180, 200), (None, 181, 503), (60, 240, 200), (60, 241, 503), (-9999, 180, 200)],
)
def test_it_is_ready_while_a_sweep_came_to_its_end_within_three_turns(
    office: Office, swept: int | None, seconds: int, status: int
) -> None:
    if swept is not None:
        note_swept(office.app.store, NOON + timedelta(seconds=swept))
    answer = asked(office, NOON + timedelta(seconds=seconds)).get("/readyz", base_url=HERE)
    assert (answer.status_code, answer.json and answer.json["ready"]) == (status, status == 200)


@pytest.mark.only("sqlite")
def test_that_a_process_lives_needs_no_store() -> None:
    client = site("postgresql+psycopg://qa:geheim@127.0.0.1:9/council", "qa1").test_client()
    assert client.get("/livez", base_url=HERE).json == {"live": True}
    answer = client.get("/readyz", base_url=HERE)
    assert answer.status_code == 503
    assert "cannot be reached" in answer.get_data(as_text=True)
    assert "geheim" not in answer.get_data(as_text=True)


@pytest.mark.only("sqlite")
def test_a_defect_in_one_sweep_does_not_end_the_sweeping(office: Office) -> None:
    stop, defects = Event(), [ZeroDivisionError("her name is Ann"), KeyError("Ann")]

    def faulty(stopped: Event, app: App, seconds: int) -> None:
        if defects:
            raise defects.pop()
        sweep_once(app)
        stopped.set()

    with closing(App(office.url)) as app:
        server._go_on(stop, app, 0, faulty)
    assert defects == []
    with office.app.store.reading() as connection:
        assert last_swept(connection) is not None


@pytest.mark.only("sqlite")
def test_a_store_cut_off_is_not_ready_but_the_process_lives(office: Office) -> None:
    with closing(App(office.url, NOON)) as app:
        client = site(app.store, "qa1", now=NOON).test_client()
        assert client.get("/readyz", base_url=HERE).status_code == 200
        # What SQLite still holds in its memory it reads on; it lets go when nobody has asked.
        office.app.close()
        app.store.close()
        assert app.store.path is not None
        with app.store.path.open("r+b") as file:
            file.truncate(100)
        answer = client.get("/readyz", base_url=HERE)
        assert answer.status_code == 503
        assert answer.json is not None
        assert "damaged. Restore the last backup." in answer.json["why"]
        assert client.get("/livez", base_url=HERE).status_code == 200

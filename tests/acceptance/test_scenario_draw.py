"""S10 and S19: the draw with its exclusions, strata and reserves; a reserve in another's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from auditflow.application import App
from auditflow.audits import Person, Role
from auditflow.commands import DrawRound, ImportCases, ImportPeople, follow_up, scheduling
from auditflow.commands.office import Case
from auditflow.errors import BadInput, NotAllowed, Refused
from auditflow.persistence import tables
from auditflow.persistence.triggers import unguard
from auditflow.queries.allocation import allocation
from auditflow.queries.round_proof import RoundProof, round_proof
from auditflow.queries.rounds import RoundPage, round_page
from auditflow.service import OfficeDone
from support import stores
from support.asking import ask
from support.checks import check_store, due, rows
from support.office import Office, add, at, person, planned

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

LAC, CP, CIN = "looked_after", "child_protection", "child_in_need"
JANUARY = date(2026, 1, 1)
DRAWN = "2025-12-01 10:00"
QUOTAS = {LAC: 1, CP: 1, CIN: 2}

#: P manages and audits for team A, Q for B, R for C; each is of its team.
PEOPLE = (
    person("qa1", Role.QA_TEAM),
    Person("qam", "Qam", frozenset({Role.QA_MANAGER}), cleared=True),
    person("ad", Role.ASSISTANT_DIRECTOR),
    *(
        person(i, Role.AUDITOR, Role.RESPONSIBLE_MANAGER, team=t, service="North", trained=True)
        for i, t in (("p", "A"), ("q", "B"), ("r", "C"))
    ),
    *(
        person(f"kw-{t.lower()}", Role.KEY_WORKER, team=t, line=(m,))
        for t, m in (("A", "p"), ("B", "q"), ("C", "r"))
    ),
)


def case(reference: str, status: str, team: str, **more: Any) -> Case:
    return Case(reference, status, team, f"kw-{team.lower()}", "North", **more)


#: The table of S10, but for C05, which is drawn for November first.
CASES = (
    case("C01", LAC, "A"),
    case("C02", LAC, "A", last_audited=date(2024, 12, 2)),
    case("C03", LAC, "B", last_audited=date(2024, 12, 1)),
    case("C04", CP, "B"),
    case("C05", CP, "B"),
    case("C06", CP, "A", closed=date(2025, 11, 28)),
    case("C07", CIN, "A"),
    case("C08", CIN, "B", last_audited=date(2025, 3, 15)),
    case("C09", CIN, "C"),
    case("C10", CIN, "C", restricted=True),
    case("C11", CIN, "A", opened=date(2025, 11, 24)),
    case("C12", CIN, "B", last_audited=date(2024, 11, 30)),
)
EXCLUDED = {
    "C02": "audited too recently",
    "C05": "in a live audit",
    "C06": "closed",
    "C08": "audited too recently",
    "C10": "restricted, and no auditor is cleared for it",
    "C11": "open too short a time",
}


class Council(Office):
    """S10's council; C05 is in the November audit."""

    def __init__(self, folder: Path, *, live: bool = True) -> None:
        self.url = stores.made(folder, at("2025-01-01 09:00"))
        self.app = App(self.url)
        self.do_office(ImportPeople(people=PEOPLE), "2025-01-01 09:00")
        if live:
            c05 = ImportCases(cases=(CASES[4],), as_at=date(2025, 9, 1))
            self.do_office(c05, "2025-09-01 09:00")
            november = DrawRound(month=date(2025, 11, 1), size=1)
            self.do_office(november, "2025-09-01 10:00")
            self.distribute("2025-11-001", "p", "2025-09-02 10:00")

    def do_office(self, command: Any, when: str, by: str = "qa1") -> OfficeDone:
        return self.app.service.do_office(command, by=by, now=at(when))

    def take_in(self, cases: tuple[Case, ...] = CASES, as_at: date = date(2025, 12, 1)) -> None:
        self.do_office(ImportCases(cases=cases, as_at=as_at), DRAWN)

    def january(self, seed: str = "S10", **more: Any) -> OfficeDone:
        drawn = DrawRound(month=JANUARY, quotas=QUOTAS, reserves=1, seed=seed, **more)
        return self.do_office(drawn, DRAWN, by="qam")

    def distribute(self, ref: str, auditor: str, when: str) -> None:
        self.do(scheduling.Distribute(audit=ref, auditor=auditor), "qa1", when)

    def proof(self, month: date = JANUARY, attempt: int | None = None) -> RoundProof:
        return ask(self.app, "qa1", round_proof, month, attempt)

    def page(self, month: date = JANUARY, when: str = DRAWN, by: str = "qam") -> RoundPage:
        app = App(self.url, at(when))
        try:
            return ask(app, by, round_page, month)
        finally:
            app.close()


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    made = Council(tmp_path)
    yield made
    made.app.close()


@pytest.fixture
def january(council: Council) -> Council:
    council.take_in()
    council.january()
    return council


def test_s10_each_case_is_eligible_or_left_out_with_its_reason(january: Council) -> None:
    page = january.page()
    assert {x.case: x.why for x in page.excluded} == EXCLUDED
    assert (page.listed, page.pool) == (12, 6)
    eligible = {s["stratum"]: s["eligible"] for s in page.strata}
    assert eligible == {LAC: 2, CP: 1, CIN: 3}
    assert {x.case: x.detail for x in page.excluded}["C05"] == "2025-11-001"
    assert {x.case: x.detail for x in page.excluded}["C02"] == "Mon 2 December 2024"


def test_a_restricted_record_is_not_named_to_who_is_not_cleared(january: Council) -> None:
    shown = {x.case for x in january.page(by="qa1").excluded}
    assert shown == EXCLUDED.keys() - {"C10"} | {"(restricted)"}


def test_s10_quotas_are_drawn_and_the_missing_reserve_is_shown(council: Council) -> None:
    council.take_in()
    settled = council.january()
    figures = {s["stratum"]: s for s in settled.figures["strata"]}
    assert {n: s["drawn"] for n, s in figures.items()} == {LAC: 1, CP: 1, CIN: 2}
    assert {n: s["reserves"] for n, s in figures.items()} == {LAC: 1, CP: 0, CIN: 1}
    assert {n: s["reserves_short"] for n, s in figures.items()} == {LAC: 0, CP: 1, CIN: 0}
    assert settled.warnings == ("child protection: 0 of 1 reserves; no more are left.",)
    page = council.page()
    assert (page.distribute_by, page.behind_schedule) == (date(2025, 12, 1), False)
    assert council.page(when="2025-12-02 09:00").behind_schedule
    check_store(council, DRAWN)


def test_s10_no_auditor_gets_a_case_of_the_own_team(january: Council) -> None:
    found = ask(january.app, "qa1", allocation, JANUARY)
    team = {a.audit: a.team for a in january.page().audits if a.state == "selected"}
    own = {"A": "p", "B": "q", "C": "r"}
    assert set(found.plan.given) == set(team)
    assert all(own[team[ref]] != who for ref, who in found.plan.given.items())
    assert max(found.loads.values()) - min(found.loads.values()) <= 1
    wrong = next(ref for ref in team)
    with pytest.raises(Refused, match="case's team"):
        january.distribute(wrong, own[team[wrong]], DRAWN)


@pytest.mark.parametrize("shuffle", range(5))
def test_s10_the_same_seed_and_pool_in_any_row_order_give_the_same_list(
    tmp_path: Path, shuffle: int
) -> None:
    lists = []
    for n, cases in enumerate((CASES, tuple(Random(shuffle).sample(CASES, len(CASES))))):
        folder = tmp_path / str(n)
        folder.mkdir()
        council = Council(folder)
        council.take_in(cases)
        settled = council.january(seed=f"seed {shuffle}")
        page = council.page()
        lists.append(([(a.audit, a.case) for a in page.audits], page.reserves, page.excluded,
                      page.pool_digest, page.list_digest, settled.figures["drawn"]))  # fmt: skip
        council.app.close()
    assert lists[0] == lists[1]


@pytest.mark.both
def test_s10_an_edited_list_is_refused_by_the_store(january: Council) -> None:
    for statement in (
        tables.round_cases.update().values(result="drawn"),
        tables.round_cases.delete(),
        tables.rounds.update().values(seed="another"),
        tables.rounds.delete(),
    ):
        with pytest.raises(IntegrityError, match="only grows"):  # noqa: SIM117
            with january.app.store.writing() as connection:
                connection.execute(statement)
    assert january.proof().holds


@pytest.mark.only("sqlite")
def test_s10_a_list_is_not_written_over_by_way_of_replacing(january: Council) -> None:
    replace = (
        "INSERT OR REPLACE INTO round_cases SELECT round_id, case_id, stratum, 'drawn', rank, "
        "reason, detail FROM round_cases WHERE result = 'reserve'"
    )
    with pytest.raises(Exception, match="only grows"):
        rows(january, replace)
    assert january.proof().holds


TAMPER = {
    "a result": "UPDATE round_cases SET result = 'drawn' WHERE result = 'not_drawn' OR rank = 2",
    "a reason": "UPDATE round_cases SET detail = 'x' WHERE result = 'excluded'",
    "a case taken away": "DELETE FROM round_cases WHERE result = 'excluded'",
    "the seed": "UPDATE rounds SET seed = 'mine'",
    "the quotas": """UPDATE rounds SET quotas = '{"looked_after": 2}'""",
    "an audit of a case not drawn": "UPDATE audits SET case_id = 2 WHERE reference = '2026-01-001'",
}


@pytest.mark.parametrize("sql", TAMPER.values(), ids=TAMPER)
def test_an_edit_past_the_triggers_is_found_by_the_proof(january: Council, sql: str) -> None:
    assert january.proof().holds
    with january.app.store.writing() as connection:
        for statement in unguard(connection.dialect.name):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(sql)
    proof = january.proof()
    assert not proof.holds
    assert [c.says for c in proof.checks if not c.holds]


def test_a_quota_beyond_its_stratum_is_drawn_short_and_told(council: Council) -> None:
    council.take_in()
    draw = DrawRound(month=JANUARY, quotas={LAC: 5, "care_leaver": 1}, seed="s")
    settled = council.do_office(draw, DRAWN)
    assert len(settled.figures["drawn"]) == 2
    assert any("looked after: 2 drawn of the 5 asked for" in w for w in settled.warnings)
    assert any("care leaver: 0 drawn of the 1 asked for" in w for w in settled.warnings)
    short = {s["stratum"]: s["short"] for s in council.page().strata if s["quota"]}
    assert short == {LAC: 3, "care_leaver": 1}
    assert council.proof().holds


REFUSED: Mapping[str, tuple[dict[str, Any], str, type[Exception], str]] = {
    "neither": ({}, "qa1", BadInput, "Give either --size"),
    "both": ({"size": 1, "quotas": {LAC: 1}}, "qa1", BadInput, "Give either --size"),
    "unknown stratum": ({"quotas": {"adopted": 1}}, "qa1", BadInput, "no stratum"),
    "quota of none": ({"quotas": {LAC: 0}}, "qa1", BadInput, "draws nothing"),
    "reserves": ({"quotas": {LAC: 1}, "reserves": -1}, "qa1", BadInput, "less than none"),
    "reserves of all": ({"size": 1, "reserves": -1}, "qa1", BadInput, "less than none"),
    "nothing there": ({"quotas": {"care_leaver": 1}}, "qa1", Refused, "Nothing can be drawn"),
    "by hand": ({"size": 1, "exclude": {"C01": "x"}}, "qa1", NotAllowed, "QA manager"),
    "no reason": ({"size": 1, "exclude": {"C01": " "}}, "qam", BadInput, "say why"),
    "long reason": ({"size": 1, "exclude": {"C01": "x" * 201}}, "qam", BadInput, "say why"),
    "not listed": ({"size": 1, "exclude": {"C99": "x"}}, "qam", BadInput, "no case “C99”"),
    "again the first time": ({"size": 1, "again": "x"}, "qa1", BadInput, "without --again"),
    "more than the pool": ({"size": 7}, "qa1", BadInput, "6 of 12 cases may be drawn; "),
}


@pytest.mark.parametrize("trial", REFUSED.values(), ids=REFUSED)
def test_a_draw_that_cannot_be_is_refused_in_words(
    council: Council, trial: tuple[dict[str, Any], str, type[Exception], str]
) -> None:
    asked, by, why, words = trial
    council.take_in()
    with pytest.raises(why, match=words):
        council.do_office(DrawRound(month=JANUARY, **asked), DRAWN, by=by)
    assert rows(council, "SELECT count(*) FROM rounds WHERE month = '2026-01-01'") == [(0,)]


def test_a_case_left_out_by_hand_stands_on_the_list_with_its_reason(council: Council) -> None:
    council.take_in()
    council.january(exclude={"C01": "The family has a complaint open."})
    (found,) = (x for x in council.page().excluded if x.case == "C01")
    assert (found.why, found.detail) == (
        "excluded by the QA manager",
        "The family has a complaint open.",
    )


def test_a_restricted_case_may_be_drawn_where_an_independent_auditor_is_cleared(
    council: Council,
) -> None:
    def cleared(*ids: str) -> ImportPeople:
        people = [p if p.id not in ids else _cleared(p) for p in PEOPLE]
        return ImportPeople(people=tuple(people))

    council.take_in()
    council.do_office(cleared("r"), DRAWN)  # of the case's own team: no help
    assert "C10" in {x.case for x in drawn_page(council, 1).excluded}
    council.do_office(cleared("p"), DRAWN)
    page = drawn_page(council, 2)
    assert "C10" not in {x.case for x in page.excluded}
    (ref,) = (a.audit for a in page.audits if a.case == "C10")
    assert council.audit(ref).restricted
    found = ask(council.app, "qa1", allocation, date(2026, 3, 1))
    assert found.plan.given[ref] == "p"


def _cleared(p: Person) -> Person:
    return replace(p, cleared=True)


def drawn_page(council: Council, months: int) -> RoundPage:
    month = date(2026, 1 + months, 1)
    council.do_office(DrawRound(month=month, quotas={CIN: 3 + months}, seed="s"), DRAWN)
    if months == 1:
        council.do_office(DrawRound(month=month, quotas={LAC: 1}, again="Only a trial."), DRAWN)
    return council.page(month)


# S19.


MAY = date(2026, 5, 1)


def may(council: Council) -> None:
    """Audit month May 2026: one child in need of team C drawn, two of teams B and A in reserve."""
    cases = (case("D1", CIN, "C"), case("D2", CIN, "B"), case("D3", CIN, "A"), case("D4", LAC, "A"))
    council.do_office(ImportCases(cases=cases, as_at=date(2026, 3, 20)), "2026-03-20 09:00")
    # With this seed D1 is drawn first, then D2, then D3.
    seed = next(s for s in map(str, range(1000)) if _ranks(s) == ["D1", "D2", "D3"])
    draw = DrawRound(month=MAY, quotas={CIN: 1, LAC: 1}, reserves=2, seed=seed)
    council.do_office(draw, "2026-03-20 10:00")


def _ranks(seed: str) -> list[str]:
    from auditflow.sampling import ranked  # noqa: PLC0415

    return ranked(["D1", "D2", "D3"], seed)


def withdraw(ref: str, **more: Any) -> scheduling.Withdraw:
    return scheduling.Withdraw(audit=ref, reason="The case has closed.", **more)


@pytest.mark.both
def test_s19_a_reserve_of_the_same_stratum_takes_the_place(council: Council) -> None:
    may(council)
    ref = next(a.audit for a in council.page(MAY).audits if a.case == "D1")
    assert due(council, ref, "distribute") == "2026-04-01"
    council.distribute(ref, "q", "2026-04-01 10:00")
    assert not council.audit(ref).short_notice
    done = council.do(withdraw(ref), "qa1", "2026-04-20 10:00")
    assert any("at short notice (reserve 2 of its stratum)" in w for w in done.warnings)
    new = council.audit(done.substitute)
    assert (new.state, new.short_notice, new.substitutes) == ("selected", True, done.audit.id)
    assert (new.stratum, new.team, new.hold_by) == (CIN, "B", date(2026, 5, 31))
    with pytest.raises(Refused, match="case's team"):
        council.distribute(done.substitute, "q", "2026-04-20 10:30")
    council.distribute(done.substitute, "r", "2026-04-20 10:30")
    page = council.page(MAY, "2026-04-20 11:00")
    (shown,) = (a for a in page.audits if a.audit == done.substitute)
    assert (shown.instead_of, shown.case, shown.short_notice) == (ref, "D2", True)
    assert [(r.case, r.used) for r in page.reserves] == [("D2", done.substitute), ("D3", "")]
    booking = scheduling.BookMeeting(audit=done.substitute, on=date(2026, 5, 12))
    council.do(booking, "r", "2026-04-21 10:00")
    start = scheduling.StartAudit(audit=done.substitute, key_worker_present=True)
    council.do(start, "r", "2026-05-12 10:00")
    action = planned("q", "2026-05-19", immediate=True)
    council.do(add(done.substitute, action), "r", "2026-05-12 11:00")
    assert due(council, done.substitute, "immediate_action") == "2026-05-19"
    assert due(council, done.substitute, "supervision_review") == "2026-06-12"
    assert follow_up.heading_of(council.audit(done.substitute)) == "Audit Action Plan - May"
    completion = council.page(MAY, "2026-06-01 09:00").completion
    assert (completion.held, completion.to_hold) == (1, 2)  # the other, D4, was never held
    assert (completion.drawn, completion.withdrawn, completion.substituted) == (2, 1, 1)
    assert council.proof(MAY).holds
    check_store(council, "2026-06-01 09:00")


def test_s19_when_no_reserve_is_left_it_is_refused_unless_said(council: Council) -> None:
    may(council)
    ref = next(a.audit for a in council.page(MAY).audits if a.case == "D1")
    for expected in ("D2", "D3"):
        ref = council.do(withdraw(ref), "qa1", "2026-04-20 10:00").substitute
        case_id = council.audit(ref).case
        assert rows(council, "SELECT reference FROM cases WHERE id = ?", case_id) == [(expected,)]
    with pytest.raises(Refused, match=r"no reserve of its stratum \(child in need\) is left"):
        council.do(withdraw(ref), "qa1", "2026-04-20 11:00")
    assert council.audit(ref).state == "selected"
    done = council.do(withdraw(ref, without_substitute=True), "qa1", "2026-04-20 11:00")
    assert (done.audit.state, done.substitute) == ("withdrawn", "")
    assert any("one audit short" in w for w in done.warnings)
    check_store(council, "2026-04-20 12:00")


def test_a_reserve_that_has_closed_or_left_the_list_is_passed_over(council: Council) -> None:
    may(council)
    ref = next(a.audit for a in council.page(MAY).audits if a.case == "D1")
    newer = (case("D2", "closed", "B"), case("D3", CIN, "A"), case("D4", LAC, "A"))
    council.do_office(ImportCases(cases=newer, as_at=date(2026, 4, 20)), "2026-04-20 09:00")
    done = council.do(withdraw(ref), "qa1", "2026-04-20 10:00")
    assert any("D2 was passed over: closed" in w for w in done.warnings)
    (other,) = (a.case for a in council.page(MAY).audits if a.audit == done.substitute)
    assert other == "D3"


def test_a_withdrawal_sent_twice_makes_one_substitute(council: Council) -> None:
    may(council)
    ref = next(a.audit for a in council.page(MAY).audits if a.case == "D1")
    for _ in range(2):
        council.do(withdraw(ref), "qa1", "2026-04-20 10:00", key="once")
    assert len(rows(council, "SELECT id FROM audits WHERE month = '2026-05-01'")) == 3


# Drawing again.


def test_drawn_again_the_old_draw_is_kept_and_numbers_count_on(january: Council) -> None:
    draw = DrawRound(
        month=JANUARY, quotas=QUOTAS, reserves=1, seed="another", again="The list lacked a team."
    )
    again = january.do_office(draw, "2025-12-01 11:00")
    assert again.figures["attempt"] == 2
    assert again.figures["drawn"][0] == "2026-01-005"
    for n in range(1, 5):
        old = january.audit(f"2026-01-00{n}")
        assert (old.state, old.duties) == ("withdrawn", ())
        said = rows(january, "SELECT body FROM texts WHERE digest = ?", old.reason)
        assert said == [("Drawn again: The list lacked a team.",)]
    page = january.page()
    assert [a.again for a in page.attempts] == ["", "The list lacked a team."]
    then = App(january.url, at("2025-12-05 09:00"), at("2025-12-01 10:30"))
    assert ask(then, "qam", round_page, JANUARY).attempt == 1
    assert ask(then, "qam", round_proof, JANUARY).holds
    then.close()
    assert len(page.audits) == 4
    assert january.proof().holds
    assert january.proof(attempt=1).holds
    check_store(january, "2025-12-01 11:00")


def test_once_something_is_distributed_it_is_not_drawn_again(january: Council) -> None:
    with pytest.raises(Refused, match="drawn already"):
        january.january("another")
    plan = ask(january.app, "qa1", allocation, JANUARY).plan
    ref, who = next(iter(plan.given.items()))
    january.distribute(ref, who, DRAWN)
    with pytest.raises(Refused, match=f"{ref} was distributed on Mon 1 December 2025"):
        january.january("another", again="I would like other cases.")
    assert january.page().attempt == 1

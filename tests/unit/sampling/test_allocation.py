"""Who gets which audit: always independent, as even as can be, the same in any order."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from auditflow.audits import Person, Role
from auditflow.sampling import ToAllocate, allocate, ruled_out


def auditor(name: str, team: str, *, trained: bool = True, cleared: bool = False) -> Person:
    roles = frozenset({Role.AUDITOR})
    return Person(id=name, name=name, roles=roles, team=team, trained=trained, cleared=cleared)


TEAMS = ("A", "B", "C", "D")
PEOPLE = st.lists(
    st.tuples(st.sampled_from(TEAMS), st.booleans(), st.booleans()), min_size=1, max_size=5
).map(
    lambda rows: [auditor(f"p{i}", t, trained=tr, cleared=c) for i, (t, tr, c) in enumerate(rows)]
)
NAMES = st.sampled_from([f"p{i}" for i in range(5)])


@st.composite
def audits(draw: st.DrawFn) -> list[ToAllocate]:
    return [
        ToAllocate(
            reference=f"a{i:02d}",
            team=draw(st.sampled_from(TEAMS)),
            line=tuple(draw(st.lists(NAMES, max_size=1))),
            key_worker=draw(st.one_of(st.just(""), NAMES)),
            restricted=draw(st.booleans()),
            held_by=frozenset(draw(st.lists(NAMES, max_size=2))),
        )
        for i in range(draw(st.integers(0, 6)))
    ]


LOADS = st.dictionaries(NAMES, st.integers(0, 4))


@given(audits(), PEOPLE, LOADS)
def test_independence_holds_always_and_nothing_is_lost(
    asked: list[ToAllocate], people: list[Person], loads: dict[str, int]
) -> None:
    plan = allocate(asked, people, loads)
    by_name = {p.id: p for p in people}
    wanted = {a.reference: a for a in asked}
    assert plan.given.keys() | plan.impossible.keys() == wanted.keys()
    assert not plan.given.keys() & plan.impossible.keys()
    assert all(ruled_out(by_name[who], wanted[ref]) == "" for ref, who in plan.given.items())
    for ref, whys in plan.impossible.items():
        assert whys == {p.id: ruled_out(p, wanted[ref]) for p in people}
        assert all(whys.values())
    for who in plan.idle:
        assert all(ruled_out(by_name[who], a) for a in asked)


@given(audits(), PEOPLE, LOADS)
def test_no_other_allocation_is_more_even(
    asked: list[ToAllocate], people: list[Person], loads: dict[str, int]
) -> None:
    plan = allocate(asked, people, loads)
    may = [[p.id for p in people if not ruled_out(p, a)] for a in asked]
    choices = [who for who in may if who]
    tried = (_uneven(loads, people, taken) for taken in product(*choices))
    assert _uneven(loads, people, plan.given.values()) == min(tried)


def _uneven(loads: dict[str, int], people: list[Person], taken: object) -> int:
    counts = {p.id: loads.get(p.id, 0) for p in people}
    for who in taken:  # type: ignore[attr-defined]
        counts[who] += 1
    return sum(n * n for n in counts.values())


@given(audits(), PEOPLE, LOADS, st.randoms(use_true_random=False))
def test_the_order_of_audits_and_people_makes_no_difference(
    asked: list[ToAllocate], people: list[Person], loads: dict[str, int], chance: Random
) -> None:
    plan = allocate(asked, people, loads)
    again = allocate(chance.sample(asked, len(asked)), chance.sample(people, len(people)), loads)
    assert again == plan


@given(st.integers(1, 60), st.integers(1, 9))
def test_where_all_are_independent_nobody_has_two_more(count: int, staff: int) -> None:
    people = [auditor(f"p{i}", "Quality") for i in range(staff)]
    asked = [ToAllocate(reference=f"a{i}", team=TEAMS[i % 4]) for i in range(count)]
    plan = allocate(asked, people, {})
    held = [list(plan.given.values()).count(p.id) for p in people]
    assert max(held) - min(held) <= 1


def test_cases_given_before_change_hands_where_that_is_more_even() -> None:
    # b may take only a02 and a03; if c took a01 first by the alphabet it must hand on.
    people = [auditor("a", "A"), auditor("b", "B")]
    asked = [
        ToAllocate(reference="a01", team="C"),
        ToAllocate(reference="a02", team="C"),
        ToAllocate(reference="a03", team="B"),
        ToAllocate(reference="a04", team="B"),
    ]
    given_ = allocate(asked, people, {}).given
    assert given_ == {"a01": "b", "a02": "b", "a03": "a", "a04": "a"}


def test_whoever_audited_less_in_the_year_before_goes_first() -> None:
    people = [auditor("a", "X"), auditor("b", "X")]
    (asked,) = [ToAllocate(reference="a01", team="C")]
    assert allocate([asked], people, {}, {"a": 3}).given == {"a01": "b"}
    assert allocate([asked], people, {"b": 1}, {"a": 3}).given == {"a01": "a"}


def test_nobody_audits_at_all() -> None:
    (asked,) = [ToAllocate(reference="a01", team="C")]
    plan = allocate([asked], [], {})
    assert (plan.given, plan.impossible) == ({}, {"a01": {}})

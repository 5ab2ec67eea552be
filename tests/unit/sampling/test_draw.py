"""The draw: the same in any order, uniform over seeds, never more than asked for."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from auditflow.sampling import (
    STRATA,
    CaseResult,
    digest,
    draw,
    draw_strata,
    figures,
    list_digest,
    new_seed,
)

POOLS = st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from(STRATA), max_size=30)
QUOTAS = st.dictionaries(st.sampled_from(STRATA), st.integers(1, 6), min_size=1)
SEEDS = st.text(max_size=12)


def test_anyone_can_repeat_a_draw_with_nothing_but_a_hash() -> None:
    pool = [f"CF-{n}" for n in range(50)]
    by_hand = sorted(pool, key=lambda r: sha256(f"seed\n{r}".encode()).hexdigest())
    assert draw(pool, "seed", 7) == by_hand[:7]


@given(POOLS, QUOTAS, st.integers(0, 3), SEEDS, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_list_in_any_row_order(
    pool: dict[str, str], quotas: dict[str, int], reserves: int, seed: str, chance: Random
) -> None:
    drawn = draw_strata(pool, quotas, reserves, seed)
    shuffled = dict(chance.sample(list(pool.items()), len(pool)))
    assert draw_strata(shuffled, quotas, reserves, seed) == drawn
    assert list_digest(reversed(drawn)) == list_digest(drawn)
    assert digest(shuffled) == digest(pool)


@given(POOLS, QUOTAS, st.integers(0, 3), SEEDS)
def test_each_stratum_gives_its_quota_or_all_it_has(
    pool: dict[str, str], quotas: dict[str, int], reserves: int, seed: str
) -> None:
    drawn = draw_strata(pool, quotas, reserves, seed)
    assert {e.reference: e.stratum for e in drawn} == pool
    for s in figures(drawn, quotas, reserves):
        size = Counter(pool.values())[s.name]
        assert s.eligible == size
        assert s.drawn == min(size, s.quota)
        wanted = reserves if s.name in quotas else 0
        assert s.reserves == min(size - s.drawn, wanted)
        assert (s.short, s.reserves_short) == (s.quota - s.drawn, wanted - s.reserves)


@given(POOLS, QUOTAS, SEEDS)
def test_a_case_more_leaves_the_order_of_the_others_as_it_was(
    pool: dict[str, str], quotas: dict[str, int], seed: str
) -> None:
    def order(of: dict[str, str]) -> list[str]:
        return [e.reference for e in draw_strata(of, quotas, 0, seed) if e.reference != "one more"]

    assert order(pool | {"one more": STRATA[0]}) == order({**pool})


def test_over_ten_thousand_seeds_each_case_is_drawn_as_often_as_any_other() -> None:
    """Chi-squared within a stratum of 12, 4 drawn; the seeds are fixed, so it always ends alike."""
    pool = [f"CF-{1000 + n * 37}" for n in range(12)]
    seeds = [sha256(f"trial {n}".encode()).hexdigest()[:32] for n in range(10_000)]
    counts = Counter(r for seed in seeds for r in draw(pool, seed, 4))
    expected = 10_000 * 4 / 12
    # Drawing without putting back lowers the variance by (N-n)/(N-1); dividing restores it.
    chi = sum((counts[r] - expected) ** 2 / expected for r in pool) * 11 / 8
    assert 2.603 < chi < 26.757  # 99 % of samples with 11 degrees of freedom lie between


def test_over_ten_thousand_seeds_each_place_is_taken_as_often_by_each_case() -> None:
    pool = [f"CF-{n}" for n in range(8)]
    seeds = [sha256(f"place {n}".encode()).hexdigest()[:32] for n in range(10_000)]
    first = Counter(draw(pool, seed, 1)[0] for seed in seeds)
    chi = sum((first[r] - 1250) ** 2 / 1250 for r in pool)
    assert 0.989 < chi < 20.278  # 7 degrees of freedom


def test_no_entry_of_a_list_can_change_without_its_digest() -> None:
    entry = CaseResult("C1", "child_in_need", "drawn", 1, "", "")
    others = [
        CaseResult("C2", "child_in_need", "drawn", 1),
        CaseResult("C1", "looked_after", "drawn", 1),
        CaseResult("C1", "child_in_need", "reserve", 1),
        CaseResult("C1", "child_in_need", "drawn", 2),
        CaseResult("C1", "child_in_need", "drawn", 1, "closed"),
        CaseResult("C1", "child_in_need", "drawn", 1, "", "x"),
    ]
    assert len({list_digest([e]) for e in (entry, *others)}) == 7
    assert list_digest([entry, entry]) != list_digest([entry])


def test_a_seed_is_never_made_twice() -> None:
    assert len({new_seed() for _ in range(100)}) == 100

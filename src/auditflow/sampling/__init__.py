"""The random draw: the same pool and the same seed give the same list, in whatever order it came.

Each case is ranked by SHA-256 of the seed and its reference, and the lowest ranks are drawn. So
anyone can repeat a draw with no program but a hash, the draw is uniform, and a case more or less
in the pool leaves the order of all others as it was.
"""

from auditflow.sampling.allocation import Plan, ToAllocate, allocate, auditors, ruled_out
from auditflow.sampling.eligibility import Candidate, Exclusion, Why, exclusion
from auditflow.sampling.ranking import digest, draw, in_share, new_seed, ranked
from auditflow.sampling.strata import (
    ALL,
    STRATA,
    CaseResult,
    Result,
    Stratum,
    draw_strata,
    figures,
    list_digest,
    pool_digest,
)

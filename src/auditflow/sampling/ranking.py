"""The order in which a pool is drawn: each case's rank is a hash of the seed and its reference."""

from collections.abc import Iterable
from hashlib import sha256
from secrets import token_hex


def new_seed() -> str:
    """A seed nobody chose."""
    return token_hex(16)


def ranked(pool: Iterable[str], seed: str) -> list[str]:
    """The pool in the order in which it is drawn."""
    return sorted(pool, key=lambda reference: (_rank(seed, reference), reference))


def draw(pool: Iterable[str], seed: str, size: int) -> list[str]:
    """`size` references drawn from the pool; fewer if it holds fewer."""
    return ranked(set(pool), seed)[:size]


def in_share(reference: str, seed: str, share: int) -> bool:
    """Whether this seed draws this audit into a sample of `share` per cent.

    Each audit is drawn by itself, so that it can be told the moment it is submitted, whatever
    becomes of the others.
    """
    rank = int.from_bytes(_rank(f"{seed} moderation", reference))
    return rank * 100 < share << 256


def digest(pool: Iterable[str]) -> str:
    """What proves later which pool was drawn from."""
    return sha256("\n".join(sorted(set(pool))).encode()).hexdigest()


def _rank(seed: str, reference: str) -> bytes:
    return sha256(f"{seed}\n{reference}".encode()).digest()

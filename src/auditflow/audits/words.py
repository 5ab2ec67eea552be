"""How a guard or a moment carries its words, written beside its code and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, get_type_hints, overload

T = TypeVar("T")
V = TypeVar("V")


class Titled(StrEnum):
    """Words that are stored, each with what people read in its place."""

    title: str  # type: ignore[assignment]  # nobody asks for the method that a string has

    def __new__(cls, value: str, title: str = "") -> Self:
        """Make a member; who asks for one by its value gives no title."""
        made = str.__new__(cls, value)
        made._value_, made.title = value, title
        return made


@dataclass(frozen=True)
class Guard:
    """A condition that an arrow or a duty asks of the facts."""

    #: In a few words, what must be so.
    holds: str
    #: The same where it must not be so; empty where no line asks for that.
    otherwise: str = ""
    #: What to type where it is what a refusal still needs.
    hint: str = ""
    #: What it means in full, with blanks such as `{settings[extension_days]}`.
    means: str = ""

    def words(self, wanted: bool) -> str:  # noqa: FBT001 - a guard is asked for yes or for no
        """In a few words, as it must be."""
        return self.holds if wanted else self.otherwise


@dataclass(frozen=True)
class Moment:
    """A day from which a time limit counts."""

    #: As exactly as a reader with a calendar needs it: “the day of the meeting”.
    title: str
    #: As it follows “from” in a limit: “the meeting”.
    since: str
    means: str = ""


class _Said(property, Generic[V]):
    """A property worked out from the facts, that carries its words."""

    words: Guard | Moment

    if TYPE_CHECKING:

        @overload
        def __get__(self, facts: None, owner: type | None = None, /) -> Self: ...
        @overload
        def __get__(self, facts: object, owner: type | None = None, /) -> V: ...
        def __get__(self, facts: Any, owner: type | None = None, /) -> Any: ...


Asked = _Said[bool]
Counted = _Said[date | None]


def guard(
    holds: str, *, otherwise: str = "", hint: str = "", means: str = ""
) -> Callable[[Callable[[T], bool]], Asked]:
    """A property that is a guard; `means`, or its docstring, says what it means in full."""

    def said(ask: Callable[[T], bool]) -> Asked:
        found = Asked(ask)
        found.words = Guard(holds, otherwise, hint, means or _means(ask))
        return found

    return said


def moment(
    title: str, since: str, *, means: str = ""
) -> Callable[[Callable[[T], date | None]], Counted]:
    """A property that is a moment; `means`, or its docstring, says what it means in full."""

    def said(count: Callable[[T], date | None]) -> Counted:
        found = Counted(count)
        found.words = Moment(title, since, means or _means(count))
        return found

    return said


def _means(code: Callable[..., object]) -> str:
    return " ".join(cleandoc(code.__doc__ or "").split())


@cache
def words_of(facts: type) -> dict[str, Guard | Moment]:
    """The words of every guard and moment of a type of facts, by their names.

    A property has them from `guard` or `moment`; a field that is noted as it is, in its annotation.
    """
    found: dict[str, Guard | Moment] = {}
    for name, hint in get_type_hints(facts, include_extras=True).items():
        for said in getattr(hint, "__metadata__", ()):
            if isinstance(said, Guard | Moment):
                found[name] = said
    for kind in reversed(facts.__mro__):
        found |= {n: said.words for n, said in vars(kind).items() if isinstance(said, _Said)}
    return found

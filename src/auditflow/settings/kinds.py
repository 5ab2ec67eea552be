"""What a setting is for, and the kinds of text that will do: seconds, words, folders, colours."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

_SCHEMES: Final = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_PICTURES: Final = (".svg", ".png", ".jpg", ".jpeg")
_READABLE: Final = 4.5
#: Below it sRGB is linear.
_LINEAR: Final = 0.04045


class Secret:
    """A password, which nothing that prints or logs it shows."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "*" * 10


class Setting(NamedTuple):
    """What a setting is for, which text will do for it, and what is made of that text."""

    title: str
    wanted: str
    will_do: Callable[[str], bool] = lambda _: True
    kind: Callable[[str], object] = str
    #: As people type it, where that is not the field's own name.
    name: str = ""


def text(title: str, wanted: str, longest: int) -> Setting:
    """Any text that is not longer than that."""
    return Setting(title, wanted, lambda given: len(given) <= longest)


def seconds(title: str, least: int, most: int) -> Setting:
    """A whole number of seconds, both ends included."""

    def will_do(given: str) -> bool:
        # `int` would take 1_000 and digits of other scripts too.
        return bool(re.fullmatch("[0-9]{1,6}", given)) and least <= int(given) <= most

    return Setting(title, f"a whole number of seconds from {least} to {most}", will_do, int)


def one_of(title: str, *words: str) -> Setting:
    """One of these words, in small letters or capitals."""
    wanted = f"{', '.join(words[:-1])} or {words[-1]}"
    return Setting(title, wanted, lambda given: given.casefold() in words, str.casefold)


def folder(title: str) -> Setting:
    """A folder that is there now."""
    return Setting(title, "a folder that is there", lambda given: Path(given).is_dir(), Path)


def is_address(given: str) -> bool:
    """Whether a store may be there: a file's name, or the address of a server we know."""
    scheme, sign, _ = given.partition("://")
    return not sign or scheme in _SCHEMES


def is_dark(given: str) -> bool:
    """Whether white words can be read on this colour (WCAG 1.4.3)."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", given):
        return False
    parts = [int(given[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return 1.05 / (luminance + 0.05) >= _READABLE


def is_picture(given: str) -> bool:
    """Whether it is the name of a picture that pages can show."""
    return Path(given).suffix.lower() in _PICTURES and Path(given).is_file()

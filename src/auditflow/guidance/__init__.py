"""What the framework's text says: numbered items to cite, the audit tool's content, the SMART test.

Pure data in our own words, written in the texts beside the code. `items` and `citation` give the
charts their sources, `tool` the form, `smart` the check of an action.
"""

import re
from importlib.resources import files
from typing import NamedTuple


class Part(NamedTuple):
    """What stands under one heading of a text: the heading's words, and the lines below."""

    title: str
    text: str

    @property
    def points(self) -> tuple[str, ...]:
        """The lines that begin with a dash."""
        return tuple(re.findall(r"^- (.+)$", self.text, re.MULTILINE))


def parts(name: str) -> dict[str, Part]:
    """A text of this package by the keys of its headings: `## Prior: Prior to audit meeting`."""
    whole = files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    headed = re.findall(r"^## (\w+): (.+)\n([^#]*)", whole, re.MULTILINE)
    return {key: Part(title, text) for key, title, text in headed}

"""Under which name auditflow is installed, what comes with it, and that nothing else does."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import distribution, packages_distributions, version
from pathlib import Path

import pytest

from auditflow import __version__

TOP = Path(__file__).parents[3]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Another project's package has the name that ours is imported by: whoever installs that gets it.
STRANGER = re.compile(
    r"(?<![\w-])auditflow\[|\b(?:pip3?|pipx|uv tool) install (?:-\S+ )*[\"']?auditflow\b"
)
#: Data that the standard library reads where the system has none.
NEVER_IMPORTED = {"tzdata"}
TEXTS = {".conf", ".css", ".env", ".html", ".js", ".md", ".py", ".service", ".timer", ".toml", ""}


def kept() -> list[Path]:
    """Every text that is kept with the project, but for this test."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    paths = (TOP / name for name in listed if name)
    return [p for p in paths if p.suffix in TEXTS and p.is_file() and p != Path(__file__)]


def imported() -> str:
    """Every line of the source that imports something, also by name."""
    source = (p.read_text(encoding="utf-8") for p in (TOP / "src").rglob("*.py"))
    lines = (line.strip() for text in source for line in text.splitlines())
    return "\n".join(x for x in lines if x.startswith(("import ", "from ")) or "import_module" in x)


def wanted() -> list[str]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [re.split(r"[\[<>=~! ]", line)[0] for group in groups for line in group]


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("pip install 'auditflow[web]'", True),
        ("pip install -U auditflow", True),
        ("install auditflow[postgres].", True),
        ("pip install 'casefile-auditflow[web]'", False),
        ("pip install casefile-auditflow", False),
        ("pip install '.[web]'", False),
    ],
)
def test_a_strangers_package_is_told_from_ours(text: str, strange: bool) -> None:
    assert bool(STRANGER.search(text)) == strange


def test_no_text_tells_anybody_to_install_a_strangers_package() -> None:
    texts = kept()
    assert {TOP / "README.md", TOP / "src/auditflow/cli/serve.py"} <= set(texts)
    found = [p for p in texts if STRANGER.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_what_is_installed_is_this_version_under_its_own_name() -> None:
    assert PROJECT["name"] == "casefile-auditflow"
    assert version("casefile-auditflow") == PROJECT["version"] == __version__
    assert "auditflow" in distribution("casefile-auditflow").entry_points.names


def test_every_dependency_is_imported_by_what_it_is_there_for() -> None:
    modules: dict[str, set[str]] = {}
    for module, owners in packages_distributions().items():
        for owner in owners:
            modules.setdefault(owner.lower().replace("_", "-"), set()).add(module)
    lines = imported()
    # Templates are taken from this one by its name.
    lines += "\nimport govuk_frontend_jinja" * ('PackageLoader("govuk_frontend_jinja")' in site())
    idle = [
        name for name in wanted() if not any(re.search(rf"\b{m}\b", lines) for m in modules[name])
    ]
    assert set(idle) == NEVER_IMPORTED


def site() -> str:
    return "".join(p.read_text(encoding="utf-8") for p in (TOP / "src/auditflow/web").glob("*.py"))


def test_every_release_is_told_of_in_the_changelog() -> None:
    told = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", told, re.MULTILINE)
    assert re.search(rf"^## \[{re.escape(__version__)}\] - 20\d\d-\d\d-\d\d$", told, re.MULTILINE)

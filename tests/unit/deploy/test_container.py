"""The container's file is never built here; so each of its lines is looked at."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from auditflow.settings.model import FIELDS, OTHERS
from support.units import DEPLOY

TOP = DEPLOY.parent
GRAMMAR = {
    "FROM": r"docker\.io/library/python:3\.[0-9]+-slim-[a-z]+( AS [a-z]+)?",
    "RUN": r"[a-z].+",
    "WORKDIR": r"/[a-z/]+",
    "COPY": r"(--from=[a-z]+ )?[\w./ ]+ [\w./]+",
    "ENV": r"([A-Z_]+=\S+)( [A-Z_]+=\S+)*",
    "USER": r"[1-9][0-9]*:[1-9][0-9]*",
    "VOLUME": r"/[a-z/]+",
    "ENTRYPOINT": r'\[("[a-z-]+"(, )?)+\]',
    "CMD": r'\[("[a-z-]+"(, )?)+\]',
}


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", "")
    found = []
    for line in filter(None, text.splitlines()):
        if not line.startswith("#"):
            word, _, rest = line.partition(" ")
            found.append((word, " ".join(rest.split())))
    return found


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def project() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    return found


def test_every_line_is_an_instruction_of_the_grammar() -> None:
    for word, rest in instructions():
        assert re.fullmatch(GRAMMAR[word], rest), (word, rest)


def test_it_has_two_stages_on_one_base_and_ends_as_nobody_in_particular() -> None:
    first, second = of("FROM")
    assert first == f"{second} AS build"
    words = [word for word, _ in instructions()]
    assert words.index("USER") > max(i for i, w in enumerate(words) if w in ("RUN", "COPY"))
    assert of("USER") == ["10001:10001"]


def test_what_it_copies_is_there() -> None:
    for rest in of("COPY"):
        if rest.startswith("--from=build"):
            assert rest.split()[1:] == ["/opt/auditflow", "/opt/auditflow"]
            assert "UV_PROJECT_ENVIRONMENT=/opt/auditflow " in of("ENV")[0]
            continue
        for source in rest.split()[:-1]:
            assert (TOP / source).exists(), source


def test_it_installs_what_is_locked_with_the_uv_that_everybody_uses() -> None:
    pinned = re.search(r"uv==([0-9.]+)", of("RUN")[0])
    assert pinned
    assert f"uv_version={pinned[1]}\n" in (TOP / "run").read_text()
    sync = shlex.split(of("RUN")[1])
    assert sync[:2] == ["uv", "sync"]
    assert {"--locked", "--no-dev", "--no-editable"} <= set(sync)
    extras = [sync[i + 1] for i, word in enumerate(sync) if word == "--extra"]
    assert extras == ["postgres", "web"]
    assert set(extras) <= set(project()["optional-dependencies"])  # type: ignore[call-overload]


def test_what_it_starts_and_sets_is_known() -> None:
    assert of("ENTRYPOINT") == ['["auditflow"]']
    assert "auditflow" in project()["scripts"]  # type: ignore[operator]
    names = {pair.split("=")[0] for rest in of("ENV") for pair in rest.split()}
    assert {n for n in names if n.startswith("AUDITFLOW_")} <= {*FIELDS, *OTHERS}
    assert Path(of("WORKDIR")[-1]) == Path(of("VOLUME")[0])


def test_the_documents_say_that_it_was_not_built() -> None:
    told = (TOP / "docs" / "running.md").read_text(encoding="utf-8")
    assert "was not built" in told
    assert "podman build -f deploy/Containerfile" in told

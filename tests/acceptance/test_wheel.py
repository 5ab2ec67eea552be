"""What is installed holds its licence and the drawings its pages show, without the source."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this source and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = os.environ.get("UV", str(ROOT / ".bootstrap" / "bin" / "uv"))
    build = [uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_every_drawing(unpacked: Path) -> None:
    shipped = {p.name: p.read_bytes() for p in (unpacked / "auditflow" / "drawings").iterdir()}
    assert shipped == {p.name: p.read_bytes() for p in (ROOT / "diagrams").iterdir()}
    assert {"audit_process.pdf", "audit_process.png", "audit_process.screen.svg"} <= set(shipped)


def test_an_installed_package_shows_its_own_drawings(unpacked: Path) -> None:
    code = (
        "from auditflow.web import chart_overlay as o, chart_svg as c;"
        "print(c.folder()); print(len(c.plain('audit')), len(o.counted('audit', {})))"
    )
    env = {"PYTHONPATH": str(unpacked), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    where, sizes = done.stdout.splitlines()
    assert Path(where) == unpacked / "auditflow" / "drawings"
    assert all(int(size) > 10_000 for size in sizes.split())


def test_the_wheel_goes_by_its_own_name_and_holds_its_licences(unpacked: Path) -> None:
    [told] = unpacked.glob("*.dist-info")
    assert told.name.startswith("casefile_auditflow-")
    about = told.joinpath("METADATA").read_text(encoding="utf-8")
    assert "\nLicense-Expression: MIT\n" in about
    for name in ("LICENSE", "src/auditflow/web/static/LICENCES.txt"):
        assert f"\nLicense-File: {name}\n" in about
        held = told / "licenses" / name
        assert held.read_bytes() == (ROOT / name).read_bytes()

"""The picture of the floors is what import-linter's contract says."""

from support import floors


def test_the_picture_is_what_the_contract_says() -> None:
    again = "draw it anew: PYTHONPATH=tests python -m support.floors"
    assert floors.PICTURE.read_text(encoding="utf-8") == floors.drawn(), again


def test_every_package_stands_on_one_floor() -> None:
    named = [name for row in floors.floors() for name in row]
    home = floors.ROOT / "src" / "auditflow"
    there = {p.name for p in home.iterdir() if (p / "__init__.py").exists()}
    there |= {p.stem for p in home.glob("*.py")} - {"__init__"}
    assert sorted(named) == sorted(there)


def test_every_package_says_what_it_is() -> None:
    assert all(floors.first_line(n).endswith(".") for row in floors.floors() for n in row)

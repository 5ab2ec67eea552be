from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.errors import BadInput
from auditflow.persistence.atomic_file import whole


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "x.backup"
    with whole(target) as part:
        assert part.parent == target.parent
        assert part.stat().st_mode & 0o777 == 0o600
        part.write_text("content")
        assert not target.exists()
    assert target.read_text() == "content"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path: Path) -> None:
    def write() -> None:
        with whole(tmp_path / "x.backup") as part:
            for ending in ("", "-wal", "-shm", "-journal"):
                part.with_name(part.name + ending).write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    target = tmp_path / "x.backup"

    def meanwhile(*, before: bool) -> None:
        target.unlink(missing_ok=True)
        if before:
            target.write_text("mine")
        with whole(target) as part:
            part.write_text("other")
            target.write_text("mine")

    for before in (True, False):
        with pytest.raises(BadInput, match=r"There is something at .*x\.backup already\. Give"):
            meanwhile(before=before)
        assert target.read_text() == "mine"
        assert list(tmp_path.iterdir()) == [target]


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", none)
    with whole(tmp_path / "x.backup") as part:
        part.write_text("content")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("x.backup", "content")]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no folder"), whole(tmp_path / "none" / "x"):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="cannot be written: Not a dir"), whole(tmp_path / "file/x"):
        pass

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditflow.errors import BadInput
from auditflow.settings.address import masked, with_password
from auditflow.settings.model import FIELDS, Settings
from auditflow.settings.reading import Known, read

PASSWORD = "a secret: p@ss/word?"
SERVER = "postgresql+psycopg://qa@db.example.org/able"
_DARK = "#rrggbb, dark enough for white words on it (a contrast of 4.5 to 1)."


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*FIELDS, "AUDITFLOW_SETTINGS", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secrets" / "db_password"
    path.parent.mkdir()
    path.write_text(PASSWORD + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        path = tmp_path / "able.env"
        path.write_text(text)
        monkeypatch.setenv("AUDITFLOW_SETTINGS", str(path))
        return path

    return written


def value(known: Known, name: str) -> tuple[str, str]:
    return next((s.value, s.origin) for s in known.shown() if s.name == name)


def test_nothing_need_be_set() -> None:
    known = read()
    assert known.settings == Settings()
    assert known.settings.url == "auditflow.db"
    assert {s.origin for s in known.shown()} == {"default"}
    assert known.warnings == ()


def test_the_command_line_wins_then_the_environment_then_the_file_then_a_secret(
    monkeypatch: pytest.MonkeyPatch, settings_file: Callable[[str], Path], secret: Path
) -> None:
    path = settings_file("AUDITFLOW_DB=in-file.db\nAUDITFLOW_AS=file\nAUDITFLOW_LOG_LEVEL=error\n")
    monkeypatch.setenv("AUDITFLOW_DB", "in-environment.db")
    monkeypatch.setenv("AUDITFLOW_AS", "environment")
    monkeypatch.setenv("AUDITFLOW_SECRETS_DIR", str(secret.parent))
    for name in ("log_level", "sweep_seconds"):
        (secret.parent / name).write_text("30" if name == "sweep_seconds" else "debug")
        (secret.parent / name).chmod(0o600)
    known = read(db="typed.db", person=None)
    assert value(known, "db") == ("typed.db", "command line")
    assert value(known, "as") == ("environment", "environment (AUDITFLOW_AS)")
    assert value(known, "log_level") == ("error", f"settings file {path}")
    assert value(known, "sweep_seconds") == ("30", f"secret {secret.parent}/sweep_seconds")
    assert value(known, "stalled_seconds") == ("30", "default")


def test_a_councils_look_is_taken_where_white_words_can_be_read_on_its_colour(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    logo = tmp_path / "crest.SVG"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    monkeypatch.setenv("AUDITFLOW_COUNCIL", "Sandmouth Borough Council")
    monkeypatch.setenv("AUDITFLOW_LOGO", str(logo))
    # The lightest grey on which white has 4.5 to 1 (4.54); #777777, refused, has 4.48.
    monkeypatch.setenv("AUDITFLOW_COLOUR", "#767676")
    look = read().settings
    assert (look.council, look.colour, look.logo) == (
        "Sandmouth Borough Council",
        "#767676",
        logo,
    )


def test_a_councils_name_fits_the_top_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_COUNCIL", "x" * 60)
    assert read().settings.council == "x" * 60
    monkeypatch.setenv("AUDITFLOW_COUNCIL", "x" * 61)
    with pytest.raises(BadInput, match=r"Give a name of 60 letters at most\.$"):
        read()


def test_a_variable_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_DB", "")
    monkeypatch.setenv("AUDITFLOW_STALLED_SECONDS", "")
    assert read().settings == Settings()


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("AUDITFLOW_STALLED_SECONDS", "9", "a whole number of seconds from 10 to 3600."),
        ("AUDITFLOW_STALLED_SECONDS", "3e1", "a whole number of seconds from 10 to 3600."),
        ("AUDITFLOW_STALLED_SECONDS", "1_0", "a whole number of seconds from 10 to 3600."),
        ("AUDITFLOW_STALLED_SECONDS", "٣٠", "a whole number of seconds from 10 to 3600."),
        ("AUDITFLOW_SWEEP_SECONDS", "0", "a whole number of seconds from 1 to 3600."),
        ("AUDITFLOW_SWEEP_SECONDS", "soon", "a whole number of seconds from 1 to 3600."),
        ("AUDITFLOW_LOG_LEVEL", "loud", "debug, info, warning or error."),
        ("AUDITFLOW_LOG_FORMAT", "xml", "auto, json or console."),
        ("AUDITFLOW_SECRETS_DIR", "/none", "a folder that is there."),
        ("AUDITFLOW_PG_BIN", "/none", "a folder that is there."),
        ("AUDITFLOW_COLOUR", "blue", _DARK),
        ("AUDITFLOW_COLOUR", "#12436", _DARK),
        ("AUDITFLOW_COLOUR", "#12436d;}", _DARK),
        ("AUDITFLOW_COLOUR", "#777777", _DARK),
        ("AUDITFLOW_LOGO", "/none.svg", "an svg, png or jpg file that is there."),
        ("AUDITFLOW_LOGO", "crest.txt", "an svg, png or jpg file that is there."),
        ("AUDITFLOW_DB", "mysql://x/y", "a file, or postgresql+psycopg://USER@HOST/NAME."),
    ],
)
def test_a_value_that_will_not_do_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, typed: str, wanted: str
) -> None:
    Path("crest.txt").touch()
    monkeypatch.setenv(name, typed)
    with pytest.raises(BadInput) as refusal:
        read()
    assert str(refusal.value) == f"{name} “{typed}” will not do. Give {wanted}"
    assert refusal.value.exit_code == 2


def test_of_a_long_value_its_beginning_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_LOGO", "x" * 61)
    with pytest.raises(BadInput, match=f"^AUDITFLOW_LOGO “{'x' * 60}” will not do"):
        read()


def test_a_refusal_says_where_the_value_stands(
    settings_file: Callable[[str], Path], secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings_file("AUDITFLOW_LOG_LEVEL=loud")
    with pytest.raises(BadInput, match=f"^AUDITFLOW_LOG_LEVEL in {path}: “loud” will not do"):
        read()
    path.write_text("")
    with pytest.raises(BadInput, match=r"^--db “mysql://x:[*]{3}@y” will not do"):
        read(db="mysql://x:geheim@y")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secret.parent))
    wrong = secret.parent / "sweep_seconds"
    wrong.write_text("often")
    wrong.chmod(0o400)
    with pytest.raises(BadInput, match=f"^The secret {wrong}: “often” will not do"):
        read()


def test_levels_may_be_written_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_LOG_LEVEL", "WARNING")
    assert read().settings.log_level == "warning"


# Files.


def test_lines_of_a_settings_file_are_taken_as_they_stand(
    settings_file: Callable[[str], Path],
) -> None:
    settings_file(
        "# The council of Able\n\n; and so on\n"
        'AUDITFLOW_DB = "postgresql://qa:a${b}#c@h/able" \n'
        "AUDITFLOW_AS='tess'\nAUDITFLOW_LOG_LEVEL=\n"
    )
    settings = read().settings
    assert settings.db == "postgresql://qa:a${b}#c@h/able"
    assert (settings.person, settings.log_level) == ("tess", "info")


def test_a_settings_file_saved_on_windows_is_read_alike(
    settings_file: Callable[[str], Path],
) -> None:
    settings_file("").write_bytes(b"\xef\xbb\xbfAUDITFLOW_AS=tess\r\nAUDITFLOW_LOG_LEVEL=error\r\n")
    known = read()
    assert (known.settings.person, known.settings.log_level) == ("tess", "error")
    assert known.warnings == ()


def test_a_password_of_any_words_is_one(monkeypatch: pytest.MonkeyPatch, secret: Path) -> None:
    monkeypatch.setenv("AUDITFLOW_SECRETS_DIR", str(secret.parent))
    secret.write_text("null\n")
    assert read(db=SERVER).settings.url == SERVER.replace("qa@", "qa:null@")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"AUDITFLOW_AS=tess\nAUDITFLOW_DB\n", "Line 2 of .* is no setting. Write it as"),
        (b"=x", "Line 1 of .* is no setting"),
        (b"AUDITFLOW_DB_PASSWORD=x", "does not belong in .*db_password in secrets_dir"),
        (b"AUDITFLOW_AS=\xff", "is no text in UTF-8"),
    ],
)
def test_a_settings_file_with_a_fault_is_refused(
    settings_file: Callable[[str], Path], content: bytes, says: str
) -> None:
    settings_file("").write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read()


def test_a_settings_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_SETTINGS", "/none/able.env")
    with pytest.raises(BadInput, match=r"/none/able.env cannot be read: No such file"):
        read()


def test_what_is_no_setting_is_named_with_what_may_have_been_meant(
    settings_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings_file("AUDITFLOW_STALED_SECONDS=20\nPATH=/x\n")
    monkeypatch.setenv("AUDITFLOW_DBB", "x")
    monkeypatch.setenv("AUDITFLOW_TRACEBACK", "0")
    wrong = [warning.split(" is no setting, so it does nothing. ") for warning in read().warnings]
    assert wrong == [
        ["AUDITFLOW_DBB", "Did you mean AUDITFLOW_DB?"],
        [f"AUDITFLOW_STALED_SECONDS in {path}", "Did you mean AUDITFLOW_STALLED_SECONDS?"],
        [f"PATH in {path}", "See them all: auditflow config show"],
    ]


# Secrets.


@pytest.mark.parametrize("variable", ["AUDITFLOW_SECRETS_DIR", "CREDENTIALS_DIRECTORY"])
def test_a_password_comes_from_a_file_and_goes_into_the_address(
    monkeypatch: pytest.MonkeyPatch, secret: Path, variable: str
) -> None:
    monkeypatch.setenv(variable, str(secret.parent))
    known = read(db=SERVER)
    assert known.settings.url == SERVER.replace("qa@", "qa:a%20secret%3A%20p%40ss%2Fword%3F@")
    assert value(known, "db") == (SERVER, "command line")
    assert value(known, "db_password") == ("*" * 10, f"secret {secret}")
    assert PASSWORD not in repr(known) + str(known.settings) + str(list(known.shown()))


def test_a_password_in_the_address_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_DB_PASSWORD", "other")
    own = SERVER.replace("qa@", "qa:own@")
    assert read(db=own).settings.url == own
    assert value(read(db=own), "db")[0] == SERVER.replace("qa@", "qa:***@")
    assert read(db="office.db").settings.url == "office.db"


def test_a_secret_that_everybody_may_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, secret: Path
) -> None:
    monkeypatch.setenv("AUDITFLOW_SECRETS_DIR", str(secret.parent))
    for mode in (0o644, 0o604):
        secret.chmod(mode)
        with pytest.raises(BadInput, match=f"may be read by everybody. Type: chmod o= {secret}"):
            read()
    secret.chmod(0o640)
    assert read().settings.db_password is not None


@pytest.mark.parametrize(
    ("address", "password", "complete"),
    [
        ("postgresql://h/n", "x", "postgresql://:x@h/n"),
        ("postgresql+psycopg://u@/n?host=/run/pg", "x", "postgresql+psycopg://u:x@/n?host=/run/pg"),
        ("postgresql://u:@h/n", "x", "postgresql://u:@h/n"),
        ("sqlite:///a.db", "x", "sqlite:///a.db"),
        ("a.db", "x", "a.db"),
    ],
)
def test_a_password_is_added_where_there_is_none(
    address: str, password: str, complete: str
) -> None:
    assert with_password(address, password) == complete


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("office.db", "office.db"),
        ("sqlite:///a@b.db", "sqlite:///a@b.db"),
        ("postgresql://u@h/n", "postgresql://u@h/n"),
        ("postgresql://u:p@h:5432/n", "postgresql://u:***@h:5432/n"),
        ("postgresql://u:p@q/r@h/n", "postgresql://u:***@h/n"),
        ("postgresql://u:p?x#@h/n", "postgresql://u:***@h/n"),
        ("postgresql://h/n?sslpassword=p&x=1", "postgresql://h/n?sslpassword=***&x=1"),
        ("postgresql://u@h/n?password=p", "postgresql://u@h/n?password=***"),
    ],
)
def test_no_password_is_shown(address: str, shown: str) -> None:
    assert masked(address) == shown

"""Staff lists: people, their roles and their line managers."""

from pathlib import Path

import pytest

from auditflow.audits import Person, Role
from auditflow.errors import BadInput
from auditflow.exchange.staff import ROLES, read_people

HEADING = "id,name,email,roles,team,service,line manager,trained,cleared"


def listed(tmp_path: Path, *rows: str, known: tuple[str, ...] = ()) -> list[Person]:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    return read_people(path, known=known)


def refusal(tmp_path: Path, *rows: str) -> str:
    with pytest.raises(BadInput) as refused:
        listed(tmp_path, *rows)
    return str(refused.value)


def test_a_person_is_read(tmp_path: Path) -> None:
    sam, jo = listed(
        tmp_path,
        "sam,Sam Okafor,sam@example.gov.uk,Auditor; QA team,North,Care,jo,Y,",
        "jo,Jo O’Neil,,head_of_service,,Care,,,yes",
    )
    assert sam == Person(
        id="sam",
        name="Sam Okafor",
        email="sam@example.gov.uk",
        roles=frozenset({Role.AUDITOR, Role.QA_TEAM}),
        team="North",
        service="Care",
        line=("jo",),
        trained=True,
        cleared=False,
    )
    assert (jo.line, jo.trained, jo.cleared, jo.email) == ((), False, True, "")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_known_also_as_words(tmp_path: Path, role: str) -> None:
    words = role.replace("_", " ").title()
    (person,) = listed(tmp_path, f"p,P,,{words},T,,,,")
    assert person.roles == {role}


def test_roles_may_be_parted_by_commas(tmp_path: Path) -> None:
    (person,) = listed(tmp_path, 'p,P,,"auditor, moderator,",T,,,,')
    assert person.roles == {"auditor", "moderator"}


@pytest.mark.parametrize("roles", ["", ";", "admin", "auditor;king", "=auditor".replace("=", "'")])
def test_an_unknown_role_is_refused_with_those_that_would_do(tmp_path: Path, roles: str) -> None:
    said = refusal(tmp_path, f"p,P,,{roles},T,,,,")
    assert "row 2: roles:" in said
    assert all(role in said for role in ROLES)


@pytest.mark.parametrize("identity", ["", "Sam", "sam okafor", "x" * 41, "sám", "sam@x", "a/b"])
def test_an_id_is_small_letters_digits_and_few_signs(tmp_path: Path, identity: str) -> None:
    assert "row 2: id:" in refusal(tmp_path, f"{identity},P,,auditor,T,,,,")


@pytest.mark.parametrize("email", ["sam", "sam@", "@x.uk", "a b@x.uk", "a@b", '"<a@b.uk>"', "a@b."])
def test_what_is_no_address_is_refused(tmp_path: Path, email: str) -> None:
    assert "row 2: email:" in refusal(tmp_path, f"p,P,{email},auditor,T,,,,")


@pytest.mark.parametrize("name", ["", "123", "x" * 81])
def test_a_name_is_needed(tmp_path: Path, name: str) -> None:
    assert "row 2: name:" in refusal(tmp_path, f"p,{name},,auditor,T,,,,")


def test_flags_are_yes_or_no(tmp_path: Path) -> None:
    said = refusal(tmp_path, "p,P,,auditor,T,,,maybe,?")
    assert "trained: “maybe” is neither Y nor N" in said
    assert "cleared: “?”" in said


def test_an_id_stands_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, "p,P,,auditor,T,,,,", "p,Q,,auditor,T,,,,")
    assert "row 3: “p” stands in row 2 too" in said


def test_a_line_manager_must_be_known(tmp_path: Path) -> None:
    assert "there is no “boss”" in refusal(tmp_path, "p,P,,auditor,T,,boss,,")
    (person,) = listed(tmp_path, "p,P,,auditor,T,,boss,,", known=("boss",))
    assert person.line == ("boss",)


def test_line_management_does_not_go_round_in_a_circle(tmp_path: Path) -> None:
    said = refusal(
        tmp_path,
        "d,D,,auditor,T,,a,,",
        "a,A,,auditor,T,,b,,",
        "b,B,,auditor,T,,c,,",
        "c,C,,auditor,T,,a,,",
        "e,E,,auditor,T,,e,,",
    )
    assert "a → b → c → a goes round in a circle" in said
    assert "e → e goes round in a circle" in said
    assert said.count("circle") == 2


def test_a_long_line_of_managers_is_no_circle(tmp_path: Path) -> None:
    rows = [f"p{n},P,,auditor,T,,{f'p{n + 1}' if n < 2999 else ''},," for n in range(3000)]
    assert len(listed(tmp_path, *rows)) == 3000

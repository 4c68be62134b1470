"""People are called in the order in which they write their names, after every kind of write."""

import pytest

from contacts.importing.names import full_name
from contacts.models import Contact
from contacts.services.parties import create_contact, update_contact
from core.tests.factories import make_user
from core.tests.importing.bring import bring

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "last", "language", "name"),
    [
        ("Ada", "Byron", "en", "Ada Byron"),
        ("結衣", "渡辺", "ja", "渡辺 結衣"),
        ("娜", "张", "", "张 娜"),
        ("Yui", "Watanabe", "ja", "Yui Watanabe"),
        ("Thị Hạnh", "Nguyễn", "vi", "Nguyễn Thị Hạnh"),
        ("Katalin", "Nagy", "hu-HU", "Nagy Katalin"),
        ("", "Roe", "", "Roe"),
    ],
)
def test_full_name_is_in_its_own_order(first: str, last: str, language: str, name: str) -> None:
    assert full_name(first, last, language) == name


def test_family_comes_first_where_it_does_whoever_writes_the_name() -> None:
    admin = make_user("admin")
    person = create_contact(actor=admin, first_name="結衣", last_name="田中", email="yui@example.org")
    assert (person.name, person.sort_name) == ("田中 結衣", "田中 結衣")
    update_contact(actor=admin, contact=person, changes={"last_name": "渡辺"})
    person.refresh_from_db()
    assert person.name == "渡辺 結衣"
    bring(admin, "contacts", "First name,Last name,E-mail,Language\nThị Hạnh,Nguyễn,hanh@example.org,vi\n")
    assert Contact.objects.get(last_name="Nguyễn").name == "Nguyễn Thị Hạnh"

"""People found by parts of names, addresses and numbers, be they rare or everybody's."""

from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Company, Contact, ContactPoint
from contacts.selectors import search
from contacts.selectors.search import matching
from contacts.tests.factories import make_company, make_contact, make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Contact]:
    made = {name: make_contact(name, "Byron") for name in ("Ada", "Bob", "Cleo")}
    make_point(made["Ada"], "email", "ada@mail.example")
    make_point(made["Ada"], "email", "a.byron@work.example")
    make_point(made["Bob"], "email", "bob@mail.example")
    make_point(made["Cleo"], "phone", "+493012345678")
    return made


@pytest.mark.parametrize("frequent", [0, 1, search.FREQUENT])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@", {"Ada", "Bob"}),
        ("@mail", {"Ada", "Bob"}),
        ("byron@work", {"Ada"}),
        ("mail.example", {"Ada", "Bob"}),
        ("030 1234567", {"Cleo"}),
        ("nobody@mail", set()),
    ],
)
def test_people_are_found_by_their_addresses_however_many_match(
    people: dict[str, Contact], frequent: int, text: str, found: set[str]
) -> None:
    with patch.object(search, "FREQUENT", frequent):
        rows = matching(Contact.objects.all(), text, None)
        assert {row.first_name for row in rows} == found
        assert rows.count() == len(found)


def test_companies_are_found_by_their_own_addresses(people: dict[str, Contact]) -> None:
    works = make_company("Steelworks")
    address = "info@steel.example"
    ContactPoint.objects.create(company=works, kind="email", value=address, normalised=address)
    for frequent in (0, search.FREQUENT):
        with patch.object(search, "FREQUENT", frequent):
            assert list(matching(Company.objects.all(), "@steel", None)) == [works]


def test_everybodys_address_is_not_gathered_first(people: dict[str, Contact]) -> None:
    with patch.object(search, "FREQUENT", 1), CaptureQueriesContext(connection) as queries:
        assert matching(Contact.objects.all(), "@", None).count() == 2
    assert ["LIMIT 2" in query["sql"] for query in queries] == [True, False]
    assert "ANY(" not in queries[1]["sql"]

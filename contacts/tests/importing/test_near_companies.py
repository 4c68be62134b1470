"""Companies that a person's line names and nobody knows: near ones are asked about, the others are new."""

import pytest
from django.db import connection

from contacts.importing.company_of_person import PERSON_COMPANIES
from contacts.models import Company
from contacts.tests.factories import make_company
from core.importing import converting, references
from core.tests.factories import make_user
from core.tests.importing.bring import bring

pytestmark = pytest.mark.django_db
FILE = "email,company\na@x.example,Nordwind Logistic\nb@x.example,Acmee\nc@x.example,Something Else\n"


@pytest.mark.parametrize("listed", [1, 5000])
def test_near_names_are_found_however_many_there_are(listed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "LISTED", listed)
    for name in ("Nordwind Logistik", "Südwind Handel", "Acme"):
        make_company(name)
    near = [
        [one.label for one in PERSON_COMPANIES.suggestions(text, None)]
        for text in ("Nordwind Logistic", "nordwnd logistik", "Acmee", "Something Else")
    ]
    assert near == [["Nordwind Logistik"], ["Nordwind Logistik"], ["Acme"], []]
    with connection.cursor() as cursor:
        cursor.execute("SHOW pg_trgm.similarity_threshold")
        assert cursor.fetchone() == ("0.3",)


def test_names_beyond_those_that_are_compared_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Nordwind Logistik", "Acme"):
        make_company(name)
    bring(make_user("admin"), "contacts", FILE)
    assert set(Company.objects.values_list("name", flat=True)) == {
        "Nordwind Logistik", "Acme", "Something Else",
    }  # fmt: skip
    monkeypatch.setattr(converting, "NEAR_LOOKUPS", 1)
    bring(make_user("admin"), "contacts", FILE)
    assert Company.objects.filter(name="Nordwind Logistic").exists()
    assert not Company.objects.filter(name="Acmee").exists()

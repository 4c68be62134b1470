"""Lines that no key matches: who is surely meant, who is likely meant, and who merely lives together."""

import pytest

from contacts.models import CompanyDuplicate, Contact, ContactDuplicate
from contacts.tests.factories import make_company, make_contact, make_point
from core.models import User
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

HEADER = "id,first name,last name,email,mobile,birthday\n"


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


@pytest.fixture
def robert(db: None) -> Contact:
    robert = make_contact("Robert", "Ashworth", email="robert.ashworth@example.com", birthday="1970-02-13")
    make_point(robert, "mobile", "+447700900111")
    return robert


def test_a_short_form_with_the_same_details_is_the_same_person(admin: User, robert: Contact) -> None:
    line = "9,Bob,Ashworth,robert.ashworth@example.com,+447700900111,1970-02-13\n"
    batch, _job = bring(admin, "contacts", HEADER + line)
    assert fates(batch) == [(2, "updated")], list(batch.rows.values_list("problems", flat=True))
    assert Contact.objects.count() == 1
    problem = batch.rows.get().problems[0]
    assert problem["code"] == "matched" and "Robert Ashworth" in problem["message"]
    again, _job = bring(admin, "contacts", HEADER + line)
    assert fates(again) == [(2, "skipped")]


def test_a_likely_person_stays_apart_and_waits_on_the_page_of_duplicates(
    admin: User, robert: Contact
) -> None:
    line = "9,Rupert,Ashworth,,+447700900111,\n"
    batch, _job = bring(admin, "contacts", HEADER + line, dry_run=True)
    assert not ContactDuplicate.objects.exists()
    problem = batch.rows.get().problems[0]
    assert problem["code"] == "likely" and "Robert Ashworth" in problem["message"], problem
    batch, _job = bring(admin, "contacts", HEADER + line)
    assert fates(batch) == [(2, "created")]
    pair = ContactDuplicate.objects.get()
    assert {pair.a_id, pair.b_id} == set(Contact.objects.values_list("pk", flat=True))


def test_another_key_of_the_same_program_is_another_person(admin: User, robert: Contact) -> None:
    Contact.objects.filter(pk=robert.pk).update(external_id="erp:1")
    line = "2,Bob,Ashworth,robert.ashworth@example.com,+447700900111,1970-02-13\n"
    batch, _job = bring(admin, "contacts", HEADER + line, mapping={"namespace": "erp"})
    assert fates(batch) == [(2, "created")]
    assert ContactDuplicate.objects.count() == 1


def test_nobody_out_of_reach_is_named_or_meant(robert: Contact) -> None:
    sales = make_user("sales")
    line = "9,Bob,Ashworth,robert.ashworth@example.com,+447700900111,1970-02-13\n"
    batch, _job = bring(sales, "contacts", HEADER + line)
    assert fates(batch) == [(2, "created")]
    assert batch.rows.get().problems == []
    assert not ContactDuplicate.objects.exists()


def test_companies_of_one_domain_are_asked_about(admin: User) -> None:
    make_company("Northwind Traders", domain="northwind.example")
    content = "name,website\nNorthwind Traders Ltd,https://www.northwind.example\nOther,other.example\n"
    batch, _job = bring(admin, "companies", content)
    codes = [problem["code"] for problem in batch.rows.get(line=2).problems]
    assert codes in (["matched"], ["likely"])
    assert CompanyDuplicate.objects.count() == codes.count("likely")
    assert batch.rows.get(line=3).problems == []

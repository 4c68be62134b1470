"""People from files: who is meant, what hangs on them, what is never doubled."""

import phonenumbers
import pytest
from django.core.exceptions import ValidationError

from contacts.importing.companies import clean_domain
from contacts.importing.matching import compatible
from contacts.importing.names import split_name
from contacts.importing.reach import _plainly_international, imported_email, imported_phone
from contacts.models import Address, Affiliation, Company, Contact, ContactPoint
from contacts.normalise import normalise_email, normalise_phone
from core.importing.ledger import waiting_words
from core.importing.style import BadValue
from core.models import User
from core.services.imports import decide_words
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in

HEADER = "First Name,Last Name,E-mail,Phone,Company,Country,Street,ZIP\n"
ANNA = "Anna,Snelling,Anna@Example.com,+49 30 123456,Acme,Germany,Hauptstr. 1,10115\n"


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


def test_columns_are_guessed_from_names_and_values(admin: User) -> None:
    batch = take_in(admin, "contacts", HEADER + ANNA)
    assert batch.mapping["columns"] == {
        "First Name": "first_name", "Last Name": "last_name", "E-mail": "email", "Phone": "phone",
        "Company": "company", "Country": "country", "Street": "street", "ZIP": "postcode",
    }  # fmt: skip


def test_a_line_becomes_a_person_with_all_that_hangs_on_them(admin: User) -> None:
    bring(admin, "contacts", HEADER + ANNA)
    anna = Contact.objects.get()
    assert (anna.name, anna.sort_name, anna.country) == ("Anna Snelling", "snelling anna", "DE")
    assert anna.company == Company.objects.get(name="Acme")
    assert Affiliation.objects.values_list("contact", "company", "is_primary").get() == (
        anna.pk, anna.company_id, True,
    )  # fmt: skip
    assert sorted(ContactPoint.objects.values_list("kind", "normalised", "is_primary")) == [
        ("email", "anna@example.com", True), ("phone", "+4930123456", True),
    ]  # fmt: skip
    assert Address.objects.values_list("street", "postcode", "country").get() == (
        "Hauptstr. 1",
        "10115",
        "DE",
    )


def test_the_same_file_again_changes_nothing(admin: User) -> None:
    bring(admin, "contacts", HEADER + ANNA)
    batch, _job = bring(admin, "contacts", HEADER + ANNA)
    assert fates(batch) == [(2, "skipped")]
    counts = [m.objects.count() for m in (Contact, Company, Affiliation, ContactPoint, Address)]
    assert counts == [1, 1, 1, 2, 1]


def test_shared_addresses_mean_one_person_only_where_the_names_agree(admin: User) -> None:
    bring(admin, "contacts", "first name,last name,email\nAnna,Snelling,office@example.com\n")
    content = (
        "first name,last name,email\nBert,Brown,office@example.com\nA.,Snelling,office@example.com\n"
        ",,office@example.com\n"
    )
    batch, _job = bring(admin, "contacts", content)
    assert next(fate for _line, fate in fates(batch)) == "created"
    assert sorted(Contact.objects.values_list("sort_name", flat=True)) == ["brown bert", "snelling a."]


def test_nobody_with_another_external_id_is_taken_over(admin: User) -> None:
    bring(admin, "contacts", "id,last name,email\n1,Snelling,a@example.com\n")
    batch, _job = bring(
        admin, "contacts", "id,last name,email\n2,Snelling,a@example.com\n1,Snelling,b@example.com\n"
    )
    assert fates(batch) == [(2, "created"), (3, "updated")]
    assert sorted(Contact.objects.values_list("external_id", flat=True)) == ["1", "2"]
    assert Contact.objects.get(external_id="1").points.count() == 2


def test_companies_that_resemble_a_known_one_wait_others_are_created(admin: User) -> None:
    Company.objects.create(name="Acme Corporation", sort_name="acme corporation")
    batch, _job = bring(
        admin, "contacts", "name,company\nAnna Snelling,Acme Corporaton\nBert Brown,Totally Different\n"
    )
    known = Company.objects.get(name="Acme Corporation")
    assert [(w["text"], w["suggestions"]) for w in waiting_words(batch)] == [
        ("Acme Corporaton", [{"value": known.pk, "label": "Acme Corporation"}])
    ]
    anna = Contact.objects.get(first_name="Anna")
    assert anna.company is None
    assert Contact.objects.get(first_name="Bert").company == Company.objects.get(name="Totally Different")
    decide_words(actor=admin, batch=batch, field="company", values={"Acme Corporaton": known.pk})
    anna.refresh_from_db()
    assert anna.company == known


def test_what_a_seller_brings_is_theirs_within_their_roles_reach(db: None) -> None:
    seller = make_user("sales")
    theirs = Company.objects.create(name="Acme", sort_name="acme", owner=make_user("sales"))
    batch, _job = bring(seller, "companies", "name,employees\nNew,1\nAcme,5\n")
    assert fates(batch)[0] == (2, "created")
    theirs.refresh_from_db()
    visible = Company.objects.visible_to(seller, "change").filter(pk=theirs.pk).exists()
    assert (theirs.employees == 5) == visible


@pytest.mark.parametrize(
    ("text", "normalised"),
    [("Anna.B@Example.COM", "anna.b@example.com"), ("x@münchen.example", "x@xn--mnchen-3ya.example")],
)
def test_addresses_are_normalised_as_everywhere(text: str, normalised: str) -> None:
    assert imported_email(text) == normalised == normalise_email(text)


@pytest.mark.parametrize("text", ["anna", "a@b", "a b@example.com", "@example.com", "a..b@example.com"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        imported_email(text)


def test_numbers_that_cannot_be_read_keep_their_digits() -> None:
    assert imported_phone("030 123456", "DE") == "+4930123456"
    assert imported_phone("ext 12345678901234567", "DE") == "12345678901234567"
    with pytest.raises(BadValue):
        imported_phone("n.a", "DE")


def test_names_domains_and_compatibility() -> None:
    assert split_name("Snelling, Anna") == ("Anna", "Snelling")
    assert split_name("Anna Maria Snelling") == ("Anna Maria", "Snelling")
    assert split_name("Cher") == ("", "Cher")
    assert clean_domain("https://www.Example.com/a?b") == "example.com"
    assert compatible("brown b.", "brown bert")
    assert not compatible("brown anna", "brown bert")


def test_the_short_way_of_numbers_gives_what_the_full_parse_gives() -> None:
    taken = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
            for text in (
                written,
                written.replace(" ", ""),
                written[:-1],
                written + "1",
                written.replace(" ", " 0", 1),
            ):
                quick = _plainly_international(text)
                taken += bool(quick)
                try:
                    full = normalise_phone(text, "DE")
                except ValidationError:
                    full = ""
                assert quick in ("", full), (region, text, quick, full)
    assert taken > 400

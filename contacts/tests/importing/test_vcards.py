"""vCards of all versions as people: what each property becomes, and nothing of a card is lost."""

import io

import pytest

from contacts.models import Address, Contact, ContactPoint
from core.importing.reading import read_table
from core.importing.source import examine
from core.models import User
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

V21 = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller;J=FCrgen\r\n"
    "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen M=FCller\r\n"
    "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller & S=C3=B6hne;Einkauf\r\n"
    "TEL;WORK;VOICE:030 123456\r\nTEL;CELL:0151 2345678\r\nTEL;WORK;FAX:030 999999\r\n"
    "EMAIL;PREF;INTERNET:Juergen@Example.com\r\n"
    "ADR;WORK:;;Hauptstr. 1;Berlin;;10115;Deutschland\r\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE:Erste Zeile=0D=0Azweite =\r\nZeile\r\n"
    "PHOTO;ENCODING=BASE64;TYPE=GIF:\r\n R0lGODlhAQABAAAAACwAAAAAAQABAAAC\r\n\r\n"
    "REV:20230102T030405Z\r\nEND:VCARD\r\n"
)
V30 = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Snelling;Anna;Maria;Dr.;\nFN:Dr. Anna Maria Snelling\n"
    'item1.EMAIL;TYPE=INTERNET,HOME:anna@home.example\nEMAIL;TYPE="work,pref":anna@work.example\n'
    "TEL;TYPE=CELL:+44 7700 900123\nORG:Acme\\, Inc.;Sales\nTITLE:Head of\n  Sales\nBDAY:1985-04-12\n"
    "CATEGORIES:vip,east\\, north\nNOTE:one\\, two\\nthree\nURL:https://anna.example\n"
    "X-SOCIALPROFILE;type=twitter:https://x.example/anna\nUID:abc-1\nEND:VCARD\n"
)
V40 = (
    "BEGIN:VCARD\nVERSION:4.0\nFN:Jean Dupont\nN:Dupont;Jean;;;\nBDAY:--0412\n"
    'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+33-1-42-68-53-00\nEMAIL;PREF=2:b@example.fr\n'
    'EMAIL;PREF=1:a@example.fr\nADR;LABEL="rue":;;1 rue X;Paris;;75001;France\nLANG:fr\nTZ:Europe/Paris\n'
    "UID:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Acme\nORG:Acme\nEND:VCARD\n"
)


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


def read(text: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    stream = io.BytesIO(text.encode(encoding))
    table = read_table(stream, examine(stream))
    return [
        {name: cell for name, cell in zip(table.header, line.cells, strict=True) if cell}
        for line in table.lines
    ]


def test_cards_of_version_21_have_encodings_of_their_own() -> None:
    assert read(V21) == [
        {
            "First name": "Jürgen", "Last name": "Müller", "E-mail": "Juergen@Example.com",
            "Phone": "030 123456", "Mobile": "0151 2345678", "Company": "Müller & Söhne",
            "Department": "Einkauf", "Street": "Hauptstr. 1", "Postcode": "10115", "City": "Berlin",
            "Country": "Deutschland", "Note": "Erste Zeile\nzweite Zeile\nFax: 030 999999",
            "Changed": "2023-01-02T03:04:05Z",
        }
    ]  # fmt: skip


def test_cards_of_version_30_are_unfolded_and_unescaped() -> None:
    assert read(V30) == [
        {
            "First name": "Anna", "Middle name": "Maria", "Last name": "Snelling", "Name prefix": "Dr.",
            "E-mail": "anna@work.example", "E-mail 2": "anna@home.example", "Mobile": "+44 7700 900123",
            "Company": "Acme, Inc.", "Department": "Sales", "Job title": "Head of Sales",
            "Birthday": "1985-04-12", "Tags": 'vip, "east, north"', "Note": "one, two\nthree",
            "Website": "https://anna.example", "Social profiles": "https://x.example/anna", "UID": "abc-1",
        }
    ]  # fmt: skip


def test_cards_of_version_40_prefer_and_what_has_no_column_is_noted() -> None:
    jean, acme = read(V40)
    assert (jean["E-mail"], jean["E-mail 2"]) == ("a@example.fr", "b@example.fr")
    assert (jean["Phone"], jean["Note"]) == ("+33-1-42-68-53-00", "Birthday: --0412")
    assert (jean["UID"], jean["Language"]) == ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "fr")
    assert acme == {"Company": "Acme"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_of_other_encodings_are_read(encoding: str) -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nN:Müller;Zoë\nFN:Zoë Müller\nEND:VCARD\n"
    assert read(text, encoding)[0]["First name"] == "Zoë"


def test_a_card_without_an_end_fails_and_the_others_are_kept(admin: User) -> None:
    text = (
        "BEGIN:VCARD\nN:One;A\nFN:A One\nBEGIN:VCARD\nN:Two;B\nFN:B Two\nEND:VCARD\nBEGIN:VCARD\nN:Three;C\n"
    )
    batch, job = bring(admin, "", text, name="p.vcf")
    assert fates(batch) == [(1, "failed"), (4, "created"), (8, "failed")]
    assert job.result["rows"] == 3
    assert batch.error_file.read().decode("utf-8-sig").splitlines()[1].startswith("A,One")


def test_cards_become_people_with_all_that_hangs_on_them(admin: User) -> None:
    batch, _job = bring(admin, "", V21 + V30 + V40, name="people.vcf")
    assert fates(batch) == [(1, "created"), (18, "created"), (35, "created"), (48, "failed")]
    anna = Contact.objects.get(last_name="Snelling")
    assert (anna.first_name, anna.salutation, anna.job_title) == ("Anna Maria", "Dr.", "Head of Sales")
    assert sorted(anna.tags.values_list("name", flat=True)) == ["east, north", "vip"]
    assert sorted(anna.points.values_list("kind", "normalised", "is_primary")) == [
        ("email", "anna@home.example", False), ("email", "anna@work.example", True),
        ("mobile", "+447700900123", True), ("social", "x.example/anna", True), ("website", "anna.example", True),
    ]  # fmt: skip
    juergen = Contact.objects.get(first_name="Jürgen")
    assert juergen.company is not None and juergen.company.name == "Müller & Söhne"
    assert Address.objects.get(contact=juergen).country == "DE"
    _again, job = bring(admin, "", V21 + V30 + V40, name="people.vcf")
    assert (job.result["skipped"], job.result["failed"]) == (3, 1)
    assert ContactPoint.objects.count() == 11

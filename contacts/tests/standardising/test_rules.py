"""How values should be written."""

import pytest

from contacts.standardising import rules


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("JOHN O'NEILL", "John O'Neill"),
        ("van der berg", "van der Berg"),
        ("MCDONALD", "McDonald"),
        ("jean-luc", "Jean-Luc"),
        ("ÅSA", "Åsa"),
        ("  Ada   Byron ", "Ada Byron"),
        ("MacArthur", "MacArthur"),
        ("DeShawn", "DeShawn"),
        ("JJ", "JJ"),
        ("山田", "山田"),
    ],
)
def test_names(before: str, after: str) -> None:
    assert rules.person_name(before, "") == after


@pytest.mark.parametrize(
    ("before", "country", "after"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("(020) 7946 0018", "GB", "+442079460018"),
        ("+49 30 1234567", "GB", "+49301234567"),
        ("+49301234567", "", "+49301234567"),
        ("ring twice", "DE", "ring twice"),
        ("123", "DE", "123"),
    ],
)
def test_phones(before: str, country: str, after: str) -> None:
    assert rules.phone(before, country) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" Ada@Example.COM ", "ada@example.com"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("ada@x.com, bob@x.com", "ada@x.com, bob@x.com"),
        ("no mail", "no mail"),
    ],
)
def test_mails(before: str, after: str) -> None:
    assert rules.mail(before, "") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ACME GMBH", "ACME GmbH"),
        ("Müller gmbh & co. kg", "Müller GmbH & Co. KG"),
        ("Bar, Inc", "Bar Inc."),
        ("Foo Sp.z o.o.", "Foo Sp. z o.o."),
        ("The Grand Spa", "The Grand Spa"),
        ("Limited", "Limited"),
    ],
)
def test_legal_forms(before: str, after: str) -> None:
    assert rules.company_name(before, "") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("HEAD OF PROCUREMENT", "Head of Procurement"),
        ("ceo", "CEO"),
        ("vp sales, emea", "VP Sales, Emea"),
        ("Head of IT", "Head of IT"),
        ("CTO", "CTO"),
    ],
)
def test_job_titles(before: str, after: str) -> None:
    assert rules.job_title(before, "") == after


@pytest.mark.parametrize(("before", "after"), [("uk", "GB"), ("de", "DE"), ("xx", "xx"), ("DE", "DE")])
def test_countries(before: str, after: str) -> None:
    assert rules.country_code(before, "") == after


def test_every_rule_is_steady() -> None:
    """Standardising what was standardised changes nothing."""
    samples = {
        "phones": "030 1234567", "mails": " A@B.CO", "names": "JOHN O'NEILL", "countries": "uk",
        "legal_forms": "ACME GMBH", "titles": "HEAD OF SALES",
    }  # fmt: skip
    for rule in rules.RULES:
        for _model, _field, fix in rule.fields:
            once = fix(samples[rule.key], "DE")
            assert fix(once, "DE") == once

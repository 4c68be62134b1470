"""What signatures and sites say."""

import pytest

from contacts.enrichment.domains import FREE
from contacts.enrichment.signature import Place, Signature, read_signature
from contacts.enrichment.site import read_site

GERMAN = """Hallo,

die Lieferung ist da, vielen Dank.

Mit freundlichen Grüßen
Erika Muster
Leiterin Einkauf
Muster GmbH | Hafenstraße 12 | 20457 Hamburg
Tel.: 040 1234567
Mobil: 0171 2345678
Fax: 040 1234568
"""
BRITISH = """Could you send two more?

--
Ann Lee | Head of Procurement
Acme Ltd, 10 Downing Street, London, SW1A 2AA
T: +44 20 7946 0018
"""


def test_a_german_signature() -> None:
    assert read_signature(GERMAN, "Erika Muster", "DE") == Signature(
        "Leiterin Einkauf", ["+49401234567"], ["+491712345678"], Place("Hafenstraße 12", "20457", "Hamburg")
    )


def test_a_british_signature() -> None:
    found = read_signature(BRITISH, "Ann Lee", "GB")
    assert (found.title, found.phones) == ("Head of Procurement", ["+442079460018"])
    assert found.place == Place("10 Downing Street", "SW1A 2AA", "London")


def test_a_block_is_found_by_the_senders_name() -> None:
    found = read_signature("Please call me.\n\nAnn Lee\nBuyer\n020 7946 0018", "Ann Lee", "GB")
    assert (found.title, found.phones) == ("Buyer", ["+442079460018"])


@pytest.mark.parametrize(
    "text",
    [
        "The manager said that 040 1234567 is wrong.",
        "Call our head of sales on +442079460018, please.",
        "",
        "Regards",
        "\x00" * 50,
    ],
)
def test_plain_text_is_no_signature(text: str) -> None:
    assert read_signature(text, "Ann Lee", "DE") == Signature()


def test_sites_are_read_whatever_they_are_made_of() -> None:
    html = """<html><head><title>Acme &amp; Co</title><meta name="Description" content=" Tools  for labs ">
    <script>location='x'</script></head><a href="tel:040-1234567">call</a><a href="mailto:Info@acme.example?subject=x">
    <a href="https://www.linkedin.com/company/acme"><a href="javascript:alert(1)"><a href="https://evil.example/x.com">"""
    site = read_site(html, "DE")
    assert (site.title, site.description) == ("Acme & Co", "Tools for labs")
    assert (site.phones, site.mails) == (["+49401234567"], ["info@acme.example"])
    assert site.socials == ["https://www.linkedin.com/company/acme"]
    assert read_site("<" * 10_000 + "\x00<title", "").title == ""
    assert read_site("<title>Acme</title><![foo[bar", "").title == "Acme"
    assert read_site("<title>Acme</title><![\x00", "").title == "Acme"


def test_free_mailboxes() -> None:
    assert {"gmail.com", "web.de"} <= FREE
    assert "acme.example" not in FREE
    assert {name for name in FREE if name != name.lower() or "." not in name} == set()

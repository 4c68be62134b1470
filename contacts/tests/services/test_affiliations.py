"""Companies of people: one primary, dates, lines on both timelines."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Affiliation, TimelineEntry
from contacts.selectors.affiliations import companies_of, former_people_of
from contacts.services.affiliations import (
    add_affiliation,
    change_affiliation,
    end_affiliation,
    make_primary,
    remove_affiliation,
)
from contacts.tests.factories import make_company, make_contact
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def test_first_present_company_is_primary_and_kept_on_the_contact() -> None:
    contact, old, new = make_contact(), make_company("Old"), make_company("New")
    former = add_affiliation(actor=None, contact=contact, company=old, valid_to=date(2020, 1, 1))
    assert (former.is_primary, contact.company) == (False, None)
    present = add_affiliation(actor=None, contact=contact, company=new, role="champion")
    contact.refresh_from_db()
    assert (present.is_primary, contact.company) == (True, new)


def test_making_another_primary_moves_the_contact_and_ending_it_leaves_nobody() -> None:
    one, two = make_company("One"), make_company("Two")
    contact = make_contact(company=one)
    second = add_affiliation(actor=None, contact=contact, company=two)
    assert second.is_primary is False
    make_primary(actor=None, affiliation=second)
    contact.refresh_from_db()
    assert contact.company == two
    assert Affiliation.objects.filter(contact=contact, is_primary=True).get() == second
    end_affiliation(actor=None, affiliation=second, on=date(2026, 3, 1))
    contact.refresh_from_db()
    assert (contact.company, second.valid_to, second.is_primary) == (None, date(2026, 3, 1), False)


def test_affiliation_refuses_twice_wrong_dates_and_a_former_primary() -> None:
    contact, company = make_contact(), make_company()
    affiliation = add_affiliation(actor=None, contact=contact, company=company, valid_from=date(2024, 1, 1))
    with pytest.raises(ValidationError, match="belong to this company already"):
        add_affiliation(actor=None, contact=contact, company=company)
    with pytest.raises(ValidationError, match="not before"):
        change_affiliation(actor=None, affiliation=affiliation, changes={"valid_to": date(2023, 1, 1)})
    affiliation.refresh_from_db()
    end_affiliation(actor=None, affiliation=affiliation)
    with pytest.raises(ValidationError, match="former company"):
        make_primary(actor=None, affiliation=affiliation)


def test_joining_and_leaving_stand_on_both_timelines_for_whom_may_see_both() -> None:
    contact, company = make_contact("Ada", "Byron"), make_company("Engines")
    affiliation = add_affiliation(actor=None, contact=contact, company=company, title="Analyst")
    end_affiliation(actor=None, affiliation=affiliation)
    lines = list(
        TimelineEntry.objects.filter(kind__endswith=".affiliation")
        .order_by("pk")
        .values_list("kind", "title", "data__event", "record_type", "object_id")
    )
    assert lines == [
        ("contact.affiliation", "Engines", "joined", "company", company.pk),
        ("company.affiliation", "Ada Byron", "joined", "contact", contact.pk),
        ("contact.affiliation", "Engines", "left", "company", company.pk),
        ("company.affiliation", "Ada Byron", "left", "contact", contact.pk),
    ]
    assert [row.contact for row in former_people_of(company, make_user("admin", is_superuser=True))] == [
        contact
    ]


def test_affiliation_is_seen_only_by_whom_both_ends_are_shown() -> None:
    everything = "view:own,add:own,change:own,delete:own,export:own"
    seller = make_user(make_role("own", contact=everything, company=everything), make_team("South"))
    company = make_company("Hidden")
    contact = make_contact(owner=seller)
    affiliation = add_affiliation(actor=None, contact=contact, company=company)
    assert companies_of(contact, seller) == []
    with pytest.raises(NotAllowed):
        add_affiliation(actor=seller, contact=contact, company=make_company("Other"))
    company.owner = seller
    company.save()
    assert companies_of(contact, seller) == [affiliation]


def test_removed_affiliation_goes_to_the_bin_and_off_the_contact() -> None:
    contact = make_contact(company=make_company())
    affiliation = Affiliation.objects.get()
    remove_affiliation(actor=None, affiliation=affiliation)
    contact.refresh_from_db()
    assert contact.company is None
    assert not Affiliation.objects.exists()
    assert Affiliation.all_objects.get().deleted_at is not None

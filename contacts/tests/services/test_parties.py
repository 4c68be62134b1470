"""People and companies edited whole: what hangs on them moves the version, and an emptied company is left."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Affiliation, Contact, ContactPoint
from contacts.services.parties import new_tag, update_company, update_contact
from contacts.services.points import add_point, update_point
from contacts.tests.factories import make_company, make_contact
from core.models import Tag
from core.services.base import StaleRecord

pytestmark = pytest.mark.django_db


def points(contact: Contact) -> list[tuple[str, bool]]:
    rows = ContactPoint.objects.filter(contact=contact).order_by("pk")
    return list(rows.values_list("normalised", "is_primary"))


def test_emptied_company_is_a_former_one() -> None:
    contact = make_contact(company=make_company("Engines"))
    update_contact(actor=None, contact=contact, changes={"company": None})
    contact.refresh_from_db()
    affiliation = Affiliation.objects.get()
    assert (contact.company, affiliation.is_primary) == (None, False)
    assert affiliation.valid_to is not None
    update_contact(actor=None, contact=contact, changes={"company": None})  # nothing more to leave


@pytest.mark.parametrize("change", [{"email": "b@example.com"}, {"phone": "030 7654321"}, {"tags": ["new"]}])
def test_a_second_editor_of_what_hangs_on_a_record_is_told(change: dict[str, object]) -> None:
    for made, update in (
        (make_contact(country="DE"), update_contact),
        (make_company(country="DE"), update_company),
    ):
        name = made.record_type
        update(actor=None, **{name: made}, changes=dict(change), expected_version=1)
        assert made.version == 2
        stale = made.__class__.objects.get(pk=made.pk)
        with pytest.raises(StaleRecord):
            update(actor=None, **{name: stale}, changes={"tags": ["other"]}, expected_version=1)


def test_e_mail_that_is_there_already_goes_first() -> None:
    contact = make_contact(email="a@example.com")
    add_point(actor=None, contact=contact, kind="email", value="b@example.com")
    update_contact(actor=None, contact=contact, changes={"email": "B@example.com"})
    assert points(contact) == [("a@example.com", False), ("b@example.com", True)]


def test_point_said_again_gets_its_label_and_goes_first() -> None:
    contact = make_contact(email="a@example.com")
    second = add_point(actor=None, contact=contact, kind="email", value="b@example.com", label="work")
    again = add_point(actor=None, contact=contact, kind="email", value="b@example.com", is_primary=True)
    assert (again.pk, again.label, again.is_primary) == (second.pk, "work", True)
    assert points(contact) == [("a@example.com", False), ("b@example.com", True)]
    update_point(actor=None, point=again, changes={"label": ""})
    assert ContactPoint.objects.get(pk=second.pk).label == ""
    with pytest.raises(ValidationError):
        add_point(actor=None, contact=contact, kind="social", value="x" * 400)


def test_tag_that_somebody_else_has_just_made_is_taken() -> None:
    made, contact = Tag.objects.create(name="VIP"), make_contact()
    assert new_tag("vip") == made
    update_contact(actor=None, contact=contact, changes={"tags": ["vip", "Vip"]})
    assert [tag.pk for tag in contact.tags.all()] == [made.pk]

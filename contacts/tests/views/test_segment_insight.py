"""Why, history, overlap, snapshots: what they say and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Activity, Contact, Segment
from contacts.segmentation.upkeep import keep_up
from contacts.services.consents import record_consent
from contacts.services.segments import create_segment
from contacts.tests.factories import make_activity, make_contact
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db
BERLIN = {"field": "city", "op": "is", "value": "Berlin"}
SILENT = {"field": "activities.count", "op": "is", "value": 0, "last": 60}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, segment: Segment, **query: Any) -> str:
    response = client.get(reverse(f"contacts:segment_{name}", args=[segment.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def limited() -> Any:
    """Sees their own contacts and all segments."""
    return make_user(make_role(contact="view:own", segment="view:all"), make_team("North"))


def test_why_says_each_condition_with_its_value() -> None:
    ada = make_contact("Ada", "Byron", city="Berlin")
    make_activity("call", contact=ada)
    tagged = {"field": "tags", "op": "not_empty", "value": None}
    mailed = {"field": "consent", "op": "is", "value": True}
    record_consent(actor=None, contact=ada, state="withdrawn", source="web")
    rule = {"all": [BERLIN, SILENT, tagged, mailed]}
    segment = create_segment(actor=None, name="Silent Berlin", rule=rule)
    text = page(
        signed_in(make_user("manager", make_team("N"), is_superuser=True)), "why", segment, contact=ada.pk
    )
    assert "Ada Byron is not in “Silent Berlin”" in text
    assert "City is Berlin" in text
    assert "is: Berlin" in text
    assert "Activities: number in the last 60 days is 0" in text
    assert "is: 1" in text
    assert "is: nothing" in text
    assert "is: Withdrawn" in text


def test_why_finds_the_one_person_of_a_name() -> None:
    make_contact("Ada", "Byron", city="Berlin")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    text = page(signed_in(make_user("admin", None, is_superuser=True)), "why", segment, q="byron")
    assert "Ada Byron is in “B”" in text


def test_nobody_out_of_scope_is_told_of() -> None:
    user = limited()
    make_contact("Mine", "Own", city="Berlin", owner=user)
    other = make_contact("Hidden", "Person", city="Berlin")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    second = create_segment(actor=None, name="All", rule={"all": []})
    keep_up()
    Contact.objects.filter(pk=other.pk).update(city="Paris")
    keep_up()
    client = signed_in(user)
    url = reverse("contacts:segment_why", args=[segment.pk])
    assert client.get(url, {"contact": other.pk}).status_code == 404
    assert "Nobody whom you can see is called so." in client.get(url, {"q": "Hidden"}).content.decode()
    assert "Hidden" not in page(client, "history", segment)
    text = page(client, "overlap", segment, **{"with": second.pk})
    assert ">1<" in text
    assert ">2<" not in text


def test_history_tells_who_entered_and_left() -> None:
    ada = make_contact("Ada", "Byron", city="Berlin")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    Contact.objects.filter(pk=ada.pk).update(city="Paris")
    keep_up()
    text = page(signed_in(make_user("admin", None, is_superuser=True)), "history", segment)
    assert "Ada Byron" in text
    assert "left" in text


def test_segment_is_left_by_time_alone() -> None:
    ada = make_contact("Ada", "Byron", city="Berlin")
    Activity.objects.create(contact=ada, kind="call", occurred_at=timezone.now() - timedelta(days=10))
    segment = create_segment(actor=None, name="Talked", rule={"not": SILENT})
    keep_up()
    admin = make_user("admin", None, is_superuser=True)
    assert page(signed_in(admin), "detail", segment).count("Ada Byron") >= 1
    keep_up(timezone.now() + timedelta(days=51))
    assert "Ada Byron" not in page(signed_in(admin), "detail", segment)


def test_snapshot_keeps_the_people_of_its_day() -> None:
    ada, _other = make_contact("Ada", city="Berlin"), make_contact(city="Paris")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    client = signed_in(make_user("manager", make_team("N"), is_superuser=True))
    assert client.post(reverse("contacts:segment_snapshot", args=[segment.pk])).status_code == 303
    made = Segment.objects.get(kind="static")
    Contact.objects.filter(pk=ada.pk).update(city="Paris")
    assert list(made.members.values_list("contact_id", flat=True)) == [ada.pk]
    denied = signed_in(make_user("readonly", None))
    assert denied.post(reverse("contacts:segment_snapshot", args=[segment.pk])).status_code == 403
    assert Segment.objects.count() == 2


def test_card_lists_the_segments_of_a_person_at_one_cost() -> None:
    from contacts.selectors.segment_history import segments_of

    ada = make_contact("Ada", city="Berlin")
    admin = make_user("admin", None, is_superuser=True)
    costs = []
    for names in (["One"], ["Three", "Two"]):
        for name in names:
            create_segment(actor=None, name=name, rule=BERLIN)
        keep_up()
        with CaptureQueriesContext(connection) as queries:
            found = [one.segment.name for one in segments_of(ada, admin)]
        costs.append(len(queries))
    assert found == ["One", "Three", "Two"]
    assert costs[0] == costs[1] <= 7


def test_segment_that_reads_what_is_out_of_sight_is_judged_in_the_asker_s_scope() -> None:
    """A hidden field makes the rule unusable for them, and the card leaves the segment out."""
    from contacts.selectors.segment_history import segments_of

    ada = make_contact("Ada", city="Berlin")
    create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    role = make_role(contact="view:all", segment="view:all")
    role.grants.filter(record_type="contact").update(hidden_fields=["city"])
    assert segments_of(ada, make_user(role, None)) == []

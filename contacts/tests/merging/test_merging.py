"""Merging people and companies, and taking it back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.enums import ConsentState, MergePolicy
from contacts.models import (
    Affiliation,
    Alias,
    Company,
    Consent,
    Contact,
    ContactPoint,
    CustomerMetric,
    MergeLog,
    MergeRule,
    TimelineEntry,
)
from contacts.selectors.permissions import consents_of
from contacts.services.affiliations import end_affiliation
from contacts.services.consents import record_consent
from contacts.services.merging import (
    AlreadyMerged,
    CantUndo,
    follow_late_rows,
    merge_many,
    merge_records,
    united,
    unmerge,
)
from contacts.services.parties import update_contact
from contacts.tests.factories import (
    make_activity,
    make_affiliation,
    make_company,
    make_contact,
    make_point,
)
from contacts.tests.merging.digests import differences, digests
from core.models import Change, Favourite
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def merge(*records: Any, **more: Any) -> MergeLog:
    return merge_records(
        actor=more.pop("actor", None),
        record_type=records[0].record_type,
        ids=[one.pk for one in records],
        **more,
    )


def test_everything_hangs_on_the_survivor_and_undoing_brings_back_the_same_digest() -> None:
    company, other = make_company("Acme"), make_company("Beta")
    ada = make_contact("Ada", "Byron", email="ada@example.org", company=company, tags=["vip", "old"])
    double = make_contact("A.", "Byron", email="ADA@example.org", phone="+49 30 123456", tags=["vip", "new"])
    make_affiliation(double, company, title="Countess")
    make_affiliation(double, other, is_primary=False)
    activity = make_activity("call", contact=double)
    before = digests()
    log = merge(ada, double)
    ada.refresh_from_db()
    assert (ada.first_name, ada.name) == ("Ada", "Ada Byron")
    assert sorted(ada.tags.values_list("name", flat=True)) == ["new", "old", "vip"]
    assert ContactPoint.objects.filter(contact=ada).count() == 2
    assert Affiliation.objects.filter(contact=ada, company=company).get().title == "Countess"
    assert Affiliation.objects.filter(contact=ada).count() == 2
    activity.refresh_from_db()
    assert activity.contact_id == ada.pk
    assert not Contact.objects.filter(pk=double.pk).exists()
    assert Alias.objects.get().live_id == ada.pk
    assert log.rows > 5
    unmerge(actor=None, log=log)
    assert differences(before, digests()) == {}


def test_companies_unite_with_their_people_and_come_apart_again() -> None:
    top, parent = make_company("Top"), make_company("Acme")
    double = make_company("ACME Inc.", parent=parent, domain="acme.example", email="info@acme.example")
    child = make_company("Acme Labs", parent=double)
    Company.objects.filter(pk=parent.pk).update(parent=top)
    people = [make_contact(company=double), make_contact(company=parent)]
    make_affiliation(people[0], parent, is_primary=False)
    before = digests()
    log = merge(double, parent)
    double.refresh_from_db()
    child.refresh_from_db()
    assert (double.parent_id, child.parent_id, double.domain) == (top.pk, double.pk, "acme.example")
    assert set(Contact.objects.values_list("company_id", flat=True)) == {double.pk}
    assert Affiliation.objects.filter(company=double).count() == 2
    unmerge(actor=None, log=log)
    assert differences(before, digests()) == {}


def test_a_parent_that_would_close_a_circle_is_left_out() -> None:
    one = make_company("One")
    between = make_company("Between", parent=one)
    two = make_company("Two", parent=between)
    merge(two, one)
    two.refresh_from_db()
    between.refresh_from_db()
    assert (two.parent_id, between.parent_id) == (None, two.pk)


def test_an_anonymous_record_never_wins() -> None:
    number = make_contact("", "Customer 17", external_id="17")
    known = make_contact("Ada", "Byron")
    log = merge(number, known)
    assert (log.survivor_id, log.merged_ids) == (known.pk, [number.pk])
    known.refresh_from_db()
    assert (known.name, known.external_id) == ("Ada Byron", "17")


def test_values_follow_the_policies_and_the_choices() -> None:
    one = make_contact("J.", "Doe", city="", source="web", lifecycle_stage="lead", description="Tall")
    two = make_contact(
        "Jane", "Doe", city="Leeds", source="fair", lifecycle_stage="customer", description="Kind",
        do_not_contact=True, birthday=date(1980, 1, 2),
    )  # fmt: skip
    merge(one, two, choices={"source": two.pk})
    one.refresh_from_db()
    assert (one.first_name, one.sort_name, one.city, one.source) == ("Jane", "doe jane", "Leeds", "fair")
    assert (one.lifecycle_stage, one.do_not_contact, one.birthday) == ("customer", True, date(1980, 1, 2))
    assert one.description == "Tall\n\nKind"


def test_an_administrators_rule_decides_where_nobody_chose() -> None:
    one, two = make_contact(city="Leeds"), make_contact(city="York")
    MergeRule.objects.create(record_type="contact", field="city", policy=MergePolicy.NEWEST)
    Contact.objects.filter(pk=two.pk).update(updated_at=timezone.now() + timedelta(hours=1))
    merge(one, two)
    one.refresh_from_db()
    assert one.city == "York"


def test_custom_values_are_united_by_key_and_come_apart_by_key() -> None:
    one, two = make_contact(), make_contact()
    Contact.objects.filter(pk=one.pk).update(custom={"size": "M", "colour": "red"})
    Contact.objects.filter(pk=two.pk).update(custom={"size": "L", "shoe": 42.5})
    before = digests()
    log = merge(one, two, choices={"custom.size": two.pk})
    one.refresh_from_db()
    assert one.custom == {"size": "L", "colour": "red", "shoe": 42.5}
    Contact.objects.filter(pk=one.pk).update(custom={**one.custom, "colour": "blue"})
    unmerge(actor=None, log=log)
    one.refresh_from_db()
    assert one.custom == {"size": "M", "colour": "blue"}
    Contact.objects.filter(pk=one.pk).update(custom={"size": "M", "colour": "red"})
    assert differences(before, digests()) == {}


def test_choices_that_cannot_be_are_refused() -> None:
    one, two, stranger = make_contact(), make_contact(), make_contact()
    for choices in ({"city": stranger.pk}, {"do_not_contact": one.pk}, {"deleted_at": one.pk}):
        with pytest.raises(ValidationError):
            merge(one, two, choices=choices)
    with pytest.raises(ValidationError):
        merge(one, one)
    assert not MergeLog.objects.exists()


def test_a_withdrawal_is_never_lost() -> None:
    """The other gave consent later: of the person they are, the withdrawal counts."""
    one, two = make_contact(), make_contact()
    now = timezone.now()
    record_consent(actor=None, contact=two, state="withdrawn", source="link", at=now - timedelta(days=9))
    record_consent(actor=None, contact=one, state="granted", source="form", at=now - timedelta(days=2))
    record_consent(actor=None, contact=one, state="granted", source="form", channel="phone", at=now)
    before = digests()
    log = merge(one, two)
    assert consents_of([one.pk])[one.pk] == ConsentState.WITHDRAWN
    newest = Consent.objects.filter(contact=one, channel="email").order_by("-at", "-pk")[0]
    assert (newest.source, newest.channel, newest.state) == ("merge", "email", "withdrawn")
    assert Consent.objects.filter(contact=one).count() == 4
    unmerge(actor=None, log=log)
    assert differences(before, digests()) == {}


def test_primary_address_is_the_chosen_or_the_working_one() -> None:
    one, two = make_contact(email="one@example.org"), make_contact(email="two@example.org")
    ContactPoint.objects.filter(contact=one).update(bounced_at=timezone.now())
    log = merge(one, two)
    primary = ContactPoint.objects.filter(contact=one, is_primary=True)
    assert [point.value for point in primary.all()] == ["two@example.org"]
    unmerge(actor=None, log=log)
    merge(one, two, choices={"email": one.pk})
    assert [point.value for point in primary.all()] == ["one@example.org"]


def test_one_primary_company_remains() -> None:
    acme, beta = make_company("Acme"), make_company("Beta")
    one, two = make_contact(company=acme), make_contact(company=beta)
    merge(one, two, choices={"company": two.pk})
    one.refresh_from_db()
    assert one.company_id == beta.pk
    assert Affiliation.objects.get(contact=one, is_primary=True).company_id == beta.pk


def test_marks_metrics_and_happenings_are_not_there_twice() -> None:
    one, two = make_contact(), make_contact()
    user = make_user("admin")
    for contact, starred in ((one, False), (two, True)):
        Favourite.objects.create(
            user=user, record_type="contact", object_id=contact.pk, starred=starred, following=not starred
        )
        CustomerMetric.objects.create(contact=contact, status="scored", as_of=timezone.now())
    for contact, key in ((two, "deal:1:won"), (one, "deal:1:won:also:7")):
        TimelineEntry.objects.create(contact=contact, kind="note", occurred_at=timezone.now(), dedupe_key=key)
    before = digests()
    log = merge(one, two)
    mark = Favourite.objects.get()
    assert (mark.object_id, mark.starred, mark.following) == (one.pk, True, True)
    assert CustomerMetric.objects.get().contact_id == one.pk
    told = TimelineEntry.objects.filter(dedupe_key__startswith="deal:").get()
    assert (told.dedupe_key, told.contact_id) == ("deal:1:won", one.pk)
    unmerge(actor=None, log=log)
    assert differences(before, digests()) == {}


def test_chains_lead_to_the_live_record_and_are_undone_from_the_end() -> None:
    a, b, c = make_contact(email="a@example.org"), make_contact(email="b@example.org"), make_contact()
    start = digests()
    first = merge(b, c)
    middle = digests()
    second = merge(a, b)
    assert dict(Alias.objects.values_list("old_id", "live_id")) == {b.pk: a.pk, c.pk: a.pk}
    with pytest.raises(CantUndo, match="Undo that merge first") as refused:
        unmerge(actor=None, log=first)
    assert refused.value.first == second.pk
    unmerge(actor=None, log=second)
    assert differences(middle, digests()) == {}
    unmerge(actor=None, log=first)
    assert differences(start, digests()) == {}
    with pytest.raises(CantUndo, match="already"):
        unmerge(actor=None, log=first)


def test_what_was_merged_meanwhile_is_told() -> None:
    a, b, c = make_contact(), make_contact(), make_contact()
    merge(a, b)
    with pytest.raises(AlreadyMerged) as told:
        merge(b, c)
    assert told.value.live == [a.pk, c.pk]


def test_changes_since_are_kept_and_told() -> None:
    one, two = make_contact(city=""), make_contact(city="Leeds")
    point = make_point(two, value="two@example.org")
    log = merge(one, two)
    update_contact(actor=None, contact=Contact.objects.get(pk=one.pk), changes={"city": "York"})
    ContactPoint.objects.filter(pk=point.pk).delete()
    outcome = unmerge(actor=None, log=log)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.city, two.city, two.deleted_at) == ("York", "Leeds", None)
    kept = {(item.label, item.why, item.columns) for item in outcome.kept}
    assert ("contacts.Contact", "changed", ("city",)) in kept
    assert ("contacts.ContactPoint", "moved", ()) in kept


@pytest.mark.parametrize(("decision", "cities"), [("now", ("York", "Leeds")), ("before", ("", "Leeds"))])
def test_a_person_decides_about_a_field_that_was_changed_since(decision: str, cities: Any) -> None:
    one, two = make_contact(city=""), make_contact(city="Leeds")
    log = merge(one, two)
    update_contact(actor=None, contact=Contact.objects.get(pk=one.pk), changes={"city": "York"})
    unmerge(actor=None, log=log, fields={"city": decision})
    assert (Contact.objects.get(pk=one.pk).city, Contact.objects.get(pk=two.pk).city) == cities


def test_a_value_changed_since_can_go_to_the_other_record() -> None:
    one, two = make_contact(city=""), make_contact(city="Leeds")
    log = merge(one, two)
    update_contact(actor=None, contact=Contact.objects.get(pk=one.pk), changes={"city": "York"})
    unmerge(actor=None, log=log, fields={"city": str(two.pk)})
    assert (Contact.objects.get(pk=one.pk).city, Contact.objects.get(pk=two.pk).city) == ("", "York")


def test_rows_written_since_stay_or_go_to_the_other_record() -> None:
    one, two = make_contact(), make_contact()
    log = merge(one, two)
    stays, goes = make_activity(contact=one), make_activity(contact=one)
    unmerge(actor=None, log=log, rows={("contacts.Activity", goes.pk): two.pk})
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.contact_id, goes.contact_id) == (one.pk, two.pk)
    assert TimelineEntry.objects.get(record_type="activity", object_id=goes.pk).contact_id == two.pk


def test_many_groups_are_merged_at_once_chains_included() -> None:
    people = [make_contact() for _ in range(6)]
    a, b, c, d, e, f = (one.pk for one in people)
    merge(people[4], people[5])
    logs = merge_many(actor=None, record_type="contact", groups=[[a, b], [c, d], [b, f]])
    assert [(log.survivor_id, sorted(log.merged_ids)) for log in logs] == [(a, [b, e]), (c, [d])]
    assert set(Contact.objects.values_list("pk", flat=True)) == {a, c}
    assert Alias.objects.get(old_id=f).live_id == a
    assert merge_many(actor=None, record_type="contact", groups=[[a, b], [e, f]]) == []


def test_groups_that_share_a_member_are_one() -> None:
    assert united([[1, 2], [3, 4], [2, 5], [5, 3], [6, 7]]) == [[1, 2, 5, 3, 4], [6, 7]]


def test_rows_written_to_an_old_id_follow_and_are_undone_with_the_merge() -> None:
    one, two = make_contact(), make_contact()
    log = merge(one, two)
    late = make_activity()
    type(late).objects.filter(pk=late.pk).update(contact=two)
    assert follow_late_rows(actor=None, log_ids=[log.pk]) == 1
    late.refresh_from_db()
    assert late.contact_id == one.pk
    unmerge(actor=None, log=log)
    late.refresh_from_db()
    assert late.contact_id == two.pk


def test_merging_needs_change_and_removal_of_all() -> None:
    north, south = make_team(), make_team()
    seller = make_user("sales", north)
    mine, foreign = make_contact(owner=seller), make_contact(owner=make_user("sales", south))
    with pytest.raises(ValidationError):  # a record out of scope is as unknown as a wrong number
        merge(mine, foreign, actor=seller)
    viewer = make_user(make_role("sees-all", contact="view:all,change:team,delete:team"), north)
    with pytest.raises(NotAllowed):
        merge(mine, foreign, actor=viewer)
    with pytest.raises(NotAllowed):
        merge(mine, make_contact(owner=seller), actor=make_user("marketing", north))
    assert not MergeLog.objects.exists()
    log = merge(mine, make_contact(owner=seller), actor=seller)
    with pytest.raises(NotAllowed):
        unmerge(actor=make_user("marketing", north), log=log)
    assert merge_many(actor=seller, record_type="contact", groups=[[mine.pk, foreign.pk]]) == []


def test_history_says_that_it_was_a_merge() -> None:
    one, two = make_contact(city=""), make_contact(city="Leeds")
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True)[0]
    user = make_user("admin")
    merge(one, two, actor=user)
    changes = Change.objects.filter(pk__gt=newest, model__label="contacts.Contact").select_related(
        "changeset"
    )
    assert {(c.changeset.cause, c.changeset.actor_id) for c in changes} == {("merge", user.pk)}
    assert {c.object_id for c in changes} == {one.pk, two.pk}


def test_an_ended_affiliation_is_kept_beside_the_present_one() -> None:
    company = make_company()
    one, two = make_contact(company=company), make_contact(company=company)
    end_affiliation(actor=None, affiliation=Affiliation.objects.get(contact=two))
    merge(one, two)
    assert Affiliation.objects.filter(contact=one, company=company).count() == 2

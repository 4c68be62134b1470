"""What is counted, for whom, against which target, and who is told."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, ContactDuplicate, ContactPoint, QualitySnapshot, QualityTarget
from contacts.selectors.quality import Part, quality_of
from contacts.services.quality import set_target, start_audit, start_measuring, take_snapshot
from contacts.tests.factories import make_company, make_contact, make_point
from core.jobs.running import run as run_job
from core.models import Notification, RoleGrant, Team, User
from core.registries import quality
from core.services.base import NotAllowed
from core.services.notifications import NO_REPORT
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def flawed(user: User, record_type: str = "contact") -> dict[str, int]:
    return {line.measure.key: line.figure.flawed for line in quality_of(user, record_type).lines}


@pytest.fixture
def teams() -> tuple[Team, Team]:
    return make_team("North"), make_team("South")


@pytest.fixture
def people(teams: tuple[Team, Team]) -> tuple[User, User]:
    return make_user("manager", teams[0]), make_user("manager", teams[1])


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True)


def test_each_flaw_is_counted(admin: User) -> None:
    sound = make_contact(
        email="a@example.com", phone="+49301234567", country="DE", job_title="Buyer", owner=admin,
        company=make_company(), birthday=date(1980, 1, 1), last_activity_at=timezone.now(),
    )  # fmt: skip
    poor = make_contact(owner=None)
    wrong = make_contact(owner=admin, country="XX", birthday=timezone.localdate() + timedelta(days=2))
    for kind, value in (("email", "a@b@c"), ("phone", "0301234")):
        point = make_point(wrong, kind="social", value=value)
        ContactPoint.objects.filter(pk=point.pk).update(kind=kind, normalised=value)
    ContactPoint.objects.filter(contact=sound, kind="email").update(bounced_at=timezone.now())
    take_snapshot(actor=None, record_type="contact")
    assert flawed(admin) == {
        "no_email": 1, "no_phone": 1, "no_company": 2, "no_job_title": 2, "no_country": 1, "no_owner": 1,
        "mail_wrong": 1, "mail_bounced": 1, "phone_wrong": 1, "country_wrong": 1, "birthday_wrong": 1, "stale": 2,
    } | {key: 0 for key in flawed(admin) if key == "twice"}  # fmt: skip
    for measure in quality.measures_for("contact"):
        assert measure.link.rows(admin).count() == flawed(admin)[measure.key], measure.key
    assert poor.pk in measure_ids("no_owner", admin)


def measure_ids(key: str, user: User) -> set[int]:
    (measure,) = [m for m in quality.measures_for("contact") if m.key == key]
    return set(measure.link.rows(user).values_list("pk", flat=True))


def test_company_flaws_are_counted(admin: User) -> None:
    make_company(domain="acme.example", industry="Energy", employees=4, country="DE", founded_year=3000)
    make_company(country="QQ")
    take_snapshot(actor=None, record_type="company")
    found = flawed(admin, "company")
    assert (found["no_domain"], found["no_industry"], found["no_employees"], found["no_country"]) == (
        1,
        1,
        1,
        0,
    )
    assert (found["country_wrong"], found["founded_wrong"], found["no_owner"]) == (1, 1, 2)


def test_figures_are_of_the_viewers_teams(people: tuple[User, User], admin: User) -> None:
    north, south = people
    make_contact(owner=north, source="Fair")
    make_contact(owner=north, source="Web")
    make_contact(owner=south, source="Secret source", country="DE")
    take_snapshot(actor=None, record_type="contact")
    page = quality_of(north, "contact")
    assert {line.measure.key: line.figure.records for line in page.lines}["no_country"] == 2
    assert [line.label for line in page.teams] == ["North"]
    assert sorted(line.label for line in page.sources) == ["Fair", "Web"]
    assert (flawed(south)["no_country"], flawed(admin)["no_country"]) == (0, 2)
    own = make_user(make_role("own", contact="view:own", quality="view:all"), north.team)
    assert quality_of(own, "contact").day is None
    assert quality_of(make_user("sales", north.team), "contact").day is None


def test_hidden_fields_are_not_measured(teams: tuple[Team, Team]) -> None:
    role = make_role("partial", contact="view:all", quality="view:all")
    RoleGrant.objects.filter(role=role, record_type="contact").update(hidden_fields=["job_title", "points"])
    make_contact()
    take_snapshot(actor=None, record_type="contact")
    keys = set(flawed(make_user(role, teams[0])))
    assert "no_country" in keys
    assert not keys & {"no_job_title", "mail_wrong", "mail_bounced", "phone_wrong"}


def test_trend_and_target(admin: User) -> None:
    today = timezone.localdate()
    first = make_contact(country="DE", source="Fair")
    make_contact(source="Fair")
    take_snapshot(actor=None, record_type="contact", day=today - timedelta(days=7))
    take_snapshot(actor=None, record_type="contact", day=today - timedelta(days=7))
    Contact.objects.filter(pk=first.pk).update(country="")
    take_snapshot(actor=None, record_type="contact", day=today)
    (line,) = [one for one in quality_of(admin, "contact").lines if one.measure.key == "no_country"]
    assert [share for _day, share in line.trend] == [0.5, 0.0]
    assert (line.change, line.met, line.target) == (-50.0, False, 90)
    set_target(actor=admin, measure=line.measure, percent=0)
    set_target(actor=admin, measure=line.measure, percent=0)
    (line,) = [one for one in quality_of(admin, "contact").lines if one.measure.key == "no_country"]
    assert (line.met, QualityTarget.objects.count()) == (True, 1)


def test_a_team_and_a_source_have_flaws_trends_and_lists_of_their_own(
    client: Client, people: tuple[User, User], admin: User
) -> None:
    north, south = people
    mended = make_contact(owner=north, source="Fair")
    make_contact(owner=north, source="fair")
    make_contact(owner=north, source="Web", country="DE")
    make_contact(owner=south, source="Fair")
    make_contact(owner=None)
    days = [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 10)]
    for day in days:
        take_snapshot(actor=None, record_type="contact", day=day)
        Contact.objects.filter(pk=mended.pk).update(country="DE")
    kept = QualitySnapshot.objects.filter(source__isnull=False).values_list("day", flat=True)
    assert set(kept) == {days[0], days[2], days[3]}

    def country(part: Part, user: User = admin) -> tuple[int, int, list[float], int]:
        (line,) = [one for one in quality_of(user, "contact", part).lines if one.measure.key == "no_country"]
        shares = [round(share, 2) for _day, share in line.trend]
        return line.figure.records, line.figure.flawed, shares, line.link.rows(user).count()

    assert country(Part(team=str(north.team_id))) == (3, 1, [0.33, 0.67, 0.67, 0.67], 1)
    assert country(Part(source="Fair")) == (3, 2, [0.0, 0.33, 0.33], 2)
    assert country(Part(source="Fair"), north) == (2, 1, [0.0, 0.5, 0.5], 1)
    assert country(Part(team=str(north.team_id), source="Web")) == (1, 0, [1.0, 1.0, 1.0], 0)
    assert country(Part(team="none")) == (1, 1, [0.0] * 4, 1)
    assert country(Part(source="")) == (1, 1, [0.0] * 3, 1)
    client.force_login(north)
    url = reverse("contacts:quality")
    page = client.get(f"{url}?type=contact&team={north.team_id}").content.decode()
    assert f"/contacts/?team={north.team_id}&amp;country__empty=1" in page
    assert "South" not in page
    answer = client.get(f"/api/v1/data-quality/?record_type=contact&team={north.team_id}").json()
    assert [one["rows"]["url"] for one in answer["measures"] if one["key"] == "no_country"] == [
        f"/contacts/?team={north.team_id}&country__empty=1"
    ]
    assert [(one["label"], one["flawed"] > 0) for one in answer["teams"]] == [("North", True)]
    assert client.get("/api/v1/data-quality/?team=x").status_code == 400
    assert client.get(f"/api/v1/data-quality/?record_type=contact&team={south.team_id}").status_code == 404
    for query in (f"team={south.team_id}", "team=none", "team=x", "source=Nowhere"):
        assert client.get(f"{url}?type=contact&{query}").status_code == 404, query


def test_only_administrators_set_targets(client: Client, people: tuple[User, User], admin: User) -> None:
    (measure,) = [m for m in quality.measures_for("contact") if m.key == "no_email"]
    with pytest.raises(NotAllowed):
        set_target(actor=people[0], measure=measure, percent=5)
    client.force_login(people[0])
    assert client.get(reverse("contacts:quality_targets")).status_code == 403
    client.force_login(admin)
    url = reverse("contacts:quality_targets") + "?type=contact"
    targets = {m.key: "70" for m in quality.measures_for("contact")}
    refused = client.post(url, {**targets, "no_email": "101"})
    assert (refused.status_code, QualityTarget.objects.count()) == (422, 0)
    assert client.post(url, targets).status_code == 303
    assert set(QualityTarget.objects.values_list("percent", flat=True)) == {70}


def test_page_counts_and_links(client: Client, people: tuple[User, User]) -> None:
    client.force_login(people[0])
    url = reverse("contacts:quality")
    assert "Nothing has been counted yet" in client.get(url).content.decode()
    make_contact(owner=people[0])
    assert client.post(url).status_code == 303
    assert run_job(start_measuring(actor=people[0], wake=False).pk).state == "done"  # type: ignore[union-attr]
    page = client.get(url).content.decode()
    assert "/contacts/?email__empty=1" in page
    assert "Targets" not in page
    client.force_login(make_user("sales", people[0].team))
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)


def test_page_costs_the_same_for_one_team_and_for_many(admin: User) -> None:
    costs = []
    for names in (["One"], ["Two", "Three"]):
        for name in names:
            make_contact(owner=make_user("sales", make_team(name)), source=name)
        take_snapshot(actor=None, record_type="contact")
        with CaptureQueriesContext(connection) as counted:
            quality_of(admin, "contact")
        costs.append(len(counted))
    assert costs[0] == costs[1] <= 8


def test_owners_are_told_once_a_week_what_is_theirs(people: tuple[User, User]) -> None:
    north, south = people
    User.objects.filter(pk=south.pk).update(preferences={NO_REPORT: True})
    for owner in people:
        make_contact("Ada", "Secret", owner=owner, country="DE")
    for _again in range(2):
        done = run_job(start_audit(actor=None, wake=False).pk)
        assert done is not None and done.state == "done", done and done.error
    (notification,) = Notification.objects.filter(kind="quality")
    assert notification.user == north
    assert [m.to for m in mail.outbox] == [[north.email]]
    body = mail.outbox[0].body
    assert f"/contacts/?owner={north.pk}&email__empty=1" in body
    assert "1 × Contacts: No e-mail address" in body
    assert "No country" not in body
    assert "Secret" not in body


def test_report_is_switched_off_in_the_profile(client: Client, people: tuple[User, User]) -> None:
    client.force_login(people[0])
    form = {"name": "North", "language": "", "time_zone": ""}
    client.post(reverse("core:profile"), form)
    assert User.objects.get(pk=people[0].pk).preferences[NO_REPORT] is True
    client.post(reverse("core:profile"), {**form, "reports": "on"})
    assert NO_REPORT not in User.objects.get(pk=people[0].pk).preferences


def test_duplicates_are_counted_within_what_one_sees(people: tuple[User, User], admin: User) -> None:
    north, south = people
    first, second, third = (make_contact("Ada", "Byron", owner=who) for who in (north, north, south))
    for a, b in ((first, second), (second, third)):
        ContactDuplicate.objects.create(a=a, b=b, score=0.9)
    take_snapshot(actor=None, record_type="contact")
    assert (flawed(north)["twice"], flawed(south)["twice"]) == (2, 0)
    assert measure_ids("twice", north) == {first.pk, second.pk}
    assert measure_ids("twice", south) == set()
    assert measure_ids("twice", admin) == {first.pk, second.pk, third.pk}

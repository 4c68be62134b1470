"""The one gate, against a plain-Python oracle: whoever asks, for whatever, gets exactly the right rows."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, ContactPoint
from core.enums import AccessLevel, Action
from core.models import Role, RoleGrant, Team, User
from core.scope.access import load_profile
from core.scope.explain import explain, who_sees
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
LEVELS = [level.value for level in AccessLevel]


@dataclass
class World:
    teams: list[Team]
    users: list[User]
    contacts: list[Contact]


@pytest.fixture
def world() -> World:
    """Three levels of teams, a person in each and one without, contacts of every owner and team."""
    top = make_team("Top")
    north, south = make_team("North", top), make_team("South", top)
    oslo = make_team("Oslo", north)
    teams = [top, north, south, oslo]
    users = [make_user(team=team) for team in [*teams, None]]
    contacts = []
    for owner in [*users, None]:
        for team in [*teams, None]:
            contact = Contact.objects.create(name=f"{owner}/{team}", owner=owner, team=team)
            ContactPoint.objects.create(contact=contact, kind="email", value="x", normalised="x")
            contacts.append(contact)
    return World(teams, users, contacts)


def below(team: Team | None, teams: list[Team]) -> set[int]:
    """The team and all below it, walked by parents: not by paths, as the gate does."""
    if team is None:
        return set()
    known, size = {team.pk}, 0
    while size != len(known):
        size = len(known)
        known |= {t.pk for t in teams if t.parent_id in known}
    return known


def oracle(user: User, contact: Contact, level: str, teams: list[Team]) -> bool:
    if level == "all":
        return True
    if level == "none":
        return False
    if contact.owner_id == user.pk:
        return True
    return level == "team" and contact.team_id in below(user.team, teams)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=st.lists(st.lists(st.sampled_from(LEVELS), min_size=5, max_size=5), max_size=3), data=st.data())
def test_visible_to_agrees_with_the_oracle(
    world: World, grants: list[list[str]], data: st.DataObject
) -> None:
    user = User.objects.get(pk=data.draw(st.sampled_from(world.users)).pk)
    user.roles.clear()
    for number, levels in enumerate(grants):
        role, _made = Role.objects.get_or_create(key=f"r{number}", defaults={"name": "r"})
        names = ("view", "add", "change", "remove", "export")
        RoleGrant.objects.update_or_create(
            role=role, record_type="contact", defaults=dict(zip(names, levels, strict=True))
        )
        user.roles.add(role)
    for position, action in enumerate(Action):
        rank = LEVELS.index
        level = max((levels[position] for levels in grants), key=rank, default="none")
        expected = {c.pk for c in world.contacts if oracle(user, c, level, world.teams)}
        assert set(Contact.objects.visible_to(user, action).values_list("pk", flat=True)) == expected
        user = User.objects.get(pk=user.pk)
    child_level = max((levels[0] for levels in grants), key=LEVELS.index, default="none")
    visible = {c.pk for c in world.contacts if oracle(user, c, child_level, world.teams)}
    assert set(ContactPoint.objects.visible_to(user).values_list("contact_id", flat=True)) == visible
    sample = data.draw(st.sampled_from(world.contacts))
    assert explain(user, sample).allowed == (sample.pk in visible)
    assert [one.user for one in who_sees(sample, [user])] == ([user] if sample.pk in visible else [])


def test_children_need_the_right_to_change_the_parent(world: World) -> None:
    role = Role.objects.create(key="reader", name="Reader")
    RoleGrant.objects.create(role=role, record_type="contact", view="all", change="own")
    user = world.users[0]
    user.roles.add(role)
    assert ContactPoint.objects.visible_to(user, Action.VIEW).count() == len(world.contacts)
    mine = [c.pk for c in world.contacts if c.owner_id == user.pk]
    changeable = ContactPoint.objects.visible_to(user, Action.DELETE).values_list("contact_id", flat=True)
    assert sorted(changeable) == sorted(mine)


def test_deactivated_and_anonymous_see_nothing(world: World) -> None:
    from django.contrib.auth.models import AnonymousUser

    admin = make_user(is_superuser=True)
    assert Contact.objects.visible_to(admin).count() == len(world.contacts)
    admin.is_active = False
    admin._access_profile = None
    assert Contact.objects.visible_to(admin).count() == 0
    assert Contact.objects.visible_to(AnonymousUser()).count() == 0
    assert Contact.objects.visible_to(None).count() == 0


def test_recycle_bin_rows_and_their_children_are_out_of_sight(world: World) -> None:
    admin = make_user(is_superuser=True)
    contact = world.contacts[0]
    Contact.all_objects.filter(pk=contact.pk).update(deleted_at=contact.created_at)
    assert not Contact.objects.visible_to(admin).filter(pk=contact.pk).exists()
    assert Contact.all_objects.visible_to(admin).filter(pk=contact.pk).exists()
    seller = world.users[0]
    role = Role.objects.create(key="own", name="Own")
    RoleGrant.objects.create(role=role, record_type="contact", view="own")
    seller.roles.add(role)
    assert not ContactPoint.objects.visible_to(seller).filter(contact=contact).exists()


def test_field_is_hidden_only_where_every_role_hides_it() -> None:
    user = make_user()
    strict = Role.objects.create(key="strict", name="Strict")
    loose = Role.objects.create(key="loose", name="Loose")
    RoleGrant.objects.create(
        role=strict, record_type="contact", view="all", hidden_fields=["source", "job_title"]
    )
    RoleGrant.objects.create(role=loose, record_type="contact", view="own", hidden_fields=["job_title"])
    user.roles.add(strict)
    assert load_profile(user).hidden_fields("contact") == {"source", "job_title"}
    user.roles.add(loose)
    assert load_profile(user).hidden_fields("contact") == {"job_title"}


def test_role_of_capabilities_alone_gives_them() -> None:
    user = make_user()
    role = Role.objects.create(key="auditor", name="Auditor", capabilities=["see_audit"])
    user.roles.add(role)
    profile = load_profile(user)
    assert (profile.can("see_audit"), profile.can("run_imports")) == (True, False)
    assert not profile.allows("contact", "view")


def test_token_narrows_what_its_owner_may_do() -> None:
    user = make_user(is_superuser=True)
    profile = load_profile(user)
    reading = profile.limited_to(["contact:read"])
    assert reading.allows("contact", Action.VIEW)
    assert reading.allows("contact", Action.EXPORT)
    assert not reading.allows("contact", Action.CHANGE)
    assert not reading.allows("deal", Action.VIEW)
    assert not reading.can("see_audit")
    writing = profile.limited_to(["*:write"])
    assert writing.allows("deal", Action.DELETE)
    assert writing.can("see_audit")

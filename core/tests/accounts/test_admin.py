"""The Django admin: people, roles, teams, pipelines and settings, for administrators alone."""

import re
from decimal import Decimal
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.models import Organisation, Role, Team, User
from core.registries import grants
from core.services.setup import ensure_defaults
from core.tests.factories import make_role, make_team, make_user
from local.instance import PROJECT_ROOT
from sales.models import Pipeline, Quota
from sales.services.pipelines import ensure_sales_defaults
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db
MODELS = [model._meta.label_lower for model in admin.site._registry]


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_user("admin", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def fields_of(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's forms as they stand."""
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    found: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                found[bound.html_name] = "on"
            elif value is not None and value is not False:
                found[bound.html_name] = value
    return found


@pytest.mark.parametrize("label", MODELS)
def test_lists_and_forms_open(client: Client, administrator: User, label: str) -> None:
    name = f"admin:{label.replace('.', '_')}"
    ensure_sales_defaults(actor=None)
    assert client.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
    model_admin = next(one for model, one in admin.site._registry.items() if model._meta.label_lower == label)
    answer = client.get(reverse(f"{name}_add"))
    request = answer.wsgi_request
    assert answer.status_code == (200 if model_admin.has_add_permission(request) else 403)


@pytest.mark.parametrize("role", ["manager", "sales", "readonly"])
def test_nobody_else_gets_in(client: Client, role: str) -> None:
    client.force_login(make_user(role))
    answer = client.get(reverse("admin:core_role_changelist"))
    assert answer.status_code in (302, 403)
    before = Role.objects.count()
    client.post(reverse("admin:core_role_add"), {"name": "Mine", "key": "mine"})
    assert Role.objects.count() == before


def test_role_that_is_edited_counts_at_once(client: Client, administrator: User) -> None:
    make_contact("Ada", "Byron", owner=administrator)
    role = make_role("watchers", contact="view:none")
    watcher = make_user(role)
    assert not Contact.objects.visible_to(watcher).exists()
    page = reverse("admin:core_role_change", args=[role.pk])
    form = fields_of(client.get(page))
    (field,) = [
        name.replace("record_type", "view")
        for name, value in form.items()
        if name.endswith("-record_type") and value == "contact"
    ]
    answer = client.post(page, {**form, field: "all"})
    assert answer.status_code == 302, answer.context["errors"]
    assert Contact.objects.visible_to(User.objects.get(pk=watcher.pk)).exists()


def test_team_moves_with_those_below_it_but_not_below_itself(client: Client, administrator: User) -> None:
    north, south = make_team("North"), make_team("South")
    below = make_team("Leeds", north)
    page = reverse("admin:core_team_change", args=[north.pk])
    assert client.post(page, {**fields_of(client.get(page)), "parent": south.pk}).status_code == 302
    below.refresh_from_db()
    assert below.path.startswith(Team.objects.get(pk=south.pk).path)
    page = reverse("admin:core_team_change", args=[south.pk])
    answer = client.post(page, {**fields_of(client.get(page)), "parent": below.pk})
    assert "below itself" in answer.content.decode()


def test_pipeline_and_organisation_are_settings(client: Client, administrator: User) -> None:
    ensure_sales_defaults(actor=None)
    pipeline = Pipeline.objects.get()
    page = reverse("admin:sales_pipeline_change", args=[pipeline.pk])
    answer = client.post(page, {**fields_of(client.get(page)), "name": "Machines"})
    assert answer.status_code == 302, answer.context["errors"]
    pipeline.refresh_from_db()
    assert pipeline.name == "Machines"
    organisation, _made = Organisation.objects.get_or_create(pk=1)
    page = reverse("admin:core_organisation_change", args=[organisation.pk])
    answer = client.post(page, {**fields_of(client.get(page)), "name": "Acme"})
    assert answer.status_code == 302, answer.context["errors"]
    assert Organisation.objects.get().name == "Acme"


def test_a_target_starts_where_its_period_does(client: Client, administrator: User) -> None:
    page = reverse("admin:sales_quota_add")
    typed = {"period": "quarter", "starts_on": "2026-11-01", "amount": "100", "currency": "EUR"}
    assert "No such period starts on this day." in client.post(page, typed).content.decode()
    assert not Quota.objects.exists()
    assert client.post(page, {**typed, "starts_on": "2026-10-01"}).status_code == 302
    assert Quota.objects.get().starts_on.month == 10


def test_people_are_never_deleted_but_deactivated(client: Client, administrator: User) -> None:
    gone = make_user("sales")
    assert client.post(reverse("admin:core_user_delete", args=[gone.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "deactivate", "_selected_action": [gone.pk]}
    client.post(reverse("admin:core_user_changelist"), chosen)
    assert not User.objects.get(pk=gone.pk).is_active


def test_only_what_is_ours_is_offered() -> None:
    assert not set(MODELS) & {
        "auth.group", "account.emailaddress", "mfa.authenticator", "django_celery_beat.periodictask",
    }  # fmt: skip


class TestRoles:
    """The table of a role: complete, in words, and refusing what can't be meant."""

    def page(self, role: Role) -> str:
        return reverse("admin:core_role_change", args=[role.pk])

    def line(self, form: dict[str, Any], record_type: str) -> str:
        """How the names of a record type's boxes begin."""
        return next(
            name.removesuffix("record_type")
            for name, value in form.items()
            if name.endswith("-record_type") and value == record_type
        )

    def test_every_record_type_has_a_line_and_untouched_ones_stay_unwritten(
        self, client: Client, administrator: User
    ) -> None:
        role = make_role("own_rights", contact="view:all")
        answer = client.get(self.page(role))
        form = fields_of(answer)
        lines = [value for name, value in form.items() if name.endswith("-record_type")]
        assert sorted(lines) == sorted(grants.record_types())
        page = answer.content.decode()
        assert "Retention policies" in page and "retention_policy</" not in page
        line = self.line(form, "deal")
        answer = client.post(
            self.page(role), {**form, f"{line}view": "team", f"{line}hidden_fields": "amount, owner"}
        )
        assert answer.status_code == 302, answer.context["errors"]
        assert dict(role.grants.values_list("record_type", "view")) == {"contact": "all", "deal": "team"}
        assert role.grants.get(record_type="deal").hidden_fields == ["amount", "owner"]

    def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(
        self, client: Client, administrator: User
    ) -> None:
        role = make_role("own_rights", contact="view:all")
        form = fields_of(client.get(self.page(role)))
        line = self.line(form, "contact")
        answer = client.post(self.page(role), {**form, f"{line}hidden_fields": "phone birthdya points"})
        assert answer.status_code == 200
        assert "Unknown: birthdya. There are: addresses, best_hour, birthday, " in " ".join(
            answer.content.decode().split()
        )
        assert role.grants.get(record_type="contact").hidden_fields == []

    def test_capabilities_are_boxes_and_an_unknown_one_is_refused(
        self, client: Client, administrator: User
    ) -> None:
        role = make_role("auditors", contact="view:all")
        form = fields_of(client.get(self.page(role)))
        assert client.post(self.page(role), {**form, "capabilities": ["see_audit"]}).status_code == 302
        assert Role.objects.get(pk=role.pk).capabilities == ["see_audit"]
        assert client.post(self.page(role), {**form, "capabilities": ["see_it_all"]}).status_code == 200
        assert Role.objects.get(pk=role.pk).capabilities == ["see_audit"]

    def test_a_role_is_saved_as_a_new_one_with_its_lines(self, client: Client, administrator: User) -> None:
        ensure_defaults(actor=None)
        manager = Role.objects.get(key="manager")
        form = fields_of(client.get(self.page(manager)))
        sent = {**form, "name": "Team lead", "key": "team_lead", "_saveasnew": "1"}
        answer = client.post(self.page(manager), sent)
        assert answer.status_code == 302, answer.context["errors"]
        copy = Role.objects.get(name="Team lead")
        columns = ("record_type", "view", "add", "change", "remove", "export")
        said = {line for line in manager.grants.values_list(*columns) if set(line[1:]) != {"none"}}
        assert set(copy.grants.values_list(*columns)) == said
        assert Role.objects.get(key="manager").name == "Manager"

    def test_roles_of_the_program_and_those_that_people_have_stay(
        self, client: Client, administrator: User
    ) -> None:
        used, spare = make_role("used", contact="view:all"), make_role("spare", contact="view:all")
        make_user(used)
        for role, status in ((used, 403), (spare, 302)):
            url = reverse("admin:core_role_delete", args=[role.pk])
            assert client.post(url, {"post": "yes"}).status_code == status

    def test_every_capability_that_is_asked_for_is_named(self) -> None:
        text = "".join(
            path.read_text(encoding="utf-8")
            for folder in ("core", "contacts", "sales", "service", "marketing", "analytics")
            for path in (PROJECT_ROOT / folder).rglob("*.py")
            if "tests" not in path.parts
        )
        asked = set(
            re.findall(r"""(?:\.can\(|capability = |require_capability\(actor, |\bTUNE = )"(\w+)\"""", text)
        )
        assert asked == set(grants.capabilities())


class TestPeople:
    """A person is added and invited at once; nobody locks themselves out."""

    def test_a_person_is_added_and_invited_in_one_step(
        self, client: Client, administrator: User, django_capture_on_commit_callbacks: Any, mailoutbox: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(
                reverse("admin:core_user_add"),
                {"name": "Ines", "email": "ines@example.com", "is_active": "on", "invite": "on"},
            )
        assert answer.status_code == 302, answer.context["errors"]
        assert [mail.to for mail in mailoutbox] == [["ines@example.com"]]
        assert (
            "Not yet: no password chosen"
            in client.get(reverse("admin:core_user_changelist")).content.decode()
        )

    def test_who_may_open_the_settings_may_change_all_of_them(
        self, client: Client, administrator: User
    ) -> None:
        user = make_user("sales")
        page = reverse("admin:core_user_change", args=[user.pk])
        assert client.post(page, {**fields_of(client.get(page)), "is_staff": "on"}).status_code == 302
        user.refresh_from_db()
        assert (user.is_staff, user.is_superuser) == (True, True)

    @pytest.mark.parametrize("box", ["is_staff", "is_active"])
    def test_nobody_takes_the_settings_away_from_themselves(
        self, client: Client, administrator: User, box: str
    ) -> None:
        page = reverse("admin:core_user_change", args=[administrator.pk])
        form = fields_of(client.get(page))
        del form[box]
        assert "You can&#x27;t take this away from yourself." in client.post(page, form).content.decode()
        administrator.refresh_from_db()
        assert getattr(administrator, box)

    def test_a_time_zone_that_there_is_not_is_refused(self, client: Client, administrator: User) -> None:
        page = reverse("admin:core_user_change", args=[administrator.pk])
        sent = {**fields_of(client.get(page)), "time_zone": "Europe/Nowhere"}
        assert client.post(page, sent).status_code == 200
        page = reverse(
            "admin:core_organisation_change", args=[Organisation.objects.get_or_create(pk=1)[0].pk]
        )
        sent = {**fields_of(client.get(page)), "default_country": "XX"}
        assert client.post(page, sent).status_code == 200

    def test_a_lost_telephone_is_taken_away_with_the_sessions(
        self, client: Client, administrator: User
    ) -> None:
        user = make_user("sales")
        Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
        chosen = {"action": "take_factor", "_selected_action": [user.pk]}
        client.post(reverse("admin:core_user_changelist"), chosen)
        assert not Authenticator.objects.filter(user=user).exists()

    def test_ended_sessions_are_over(self, client: Client, administrator: User) -> None:
        user, other = make_user("sales"), Client()
        other.force_login(user)
        assert other.get("/").status_code == 200
        rows = UserSession.objects.filter(user=user)
        if not rows:
            UserSession.objects.create(user=user, session_key=other.session.session_key, ip="127.0.0.1")
        chosen = {"action": "end", "_selected_action": [row.pk for row in rows.all()]}
        client.post(reverse("admin:usersessions_usersession_changelist"), chosen)
        assert other.get("/").status_code == 302


def test_the_base_currency_stays_once_sums_are_reckoned_in_it(client: Client, administrator: User) -> None:
    organisation, _made = Organisation.objects.get_or_create(pk=1)
    page = reverse("admin:core_organisation_change", args=[organisation.pk])
    assert client.post(page, {**fields_of(client.get(page)), "base_currency": "CHF"}).status_code == 302
    make_deal(amount=Decimal(10), currency="CHF")
    assert client.post(page, {**fields_of(client.get(page)), "base_currency": "EUR"}).status_code == 302
    assert Organisation.objects.get().base_currency == "CHF"

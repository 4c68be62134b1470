"""The Django admin: people, roles, teams, pipelines and settings, for administrators alone."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.models import Organisation, Role, Team, User
from core.tests.factories import make_role, make_team, make_user
from sales.models import Pipeline
from sales.services.pipelines import ensure_sales_defaults

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
    (field,) = [name for name in form if name.endswith("-view")]
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


def test_people_are_never_deleted_but_deactivated(client: Client, administrator: User) -> None:
    gone = make_user("sales")
    assert client.post(reverse("admin:core_user_delete", args=[gone.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "deactivate", "_selected_action": [gone.pk]}
    client.post(reverse("admin:core_user_changelist"), chosen)
    assert not User.objects.get(pk=gone.pk).is_active

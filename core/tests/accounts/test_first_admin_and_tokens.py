"""The first administrator of an empty installation, and personal tokens."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.models import ApiToken, User
from core.services.tokens import create_token, digest_of
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = {"name": "Mira", "email": "mira@example.com", "password": "a-long-enough-word"}


def test_empty_installation_makes_one_first_admin(client: Client) -> None:
    assert client.get(reverse("core:first_admin")).status_code == 200
    assert client.post(reverse("core:first_admin"), NEW).status_code == 302
    assert list(User.objects.values_list("email", "is_superuser")) == [("mira@example.com", True)]
    client.logout()
    second = client.post(reverse("core:first_admin"), {**NEW, "email": "eve@example.com"})
    assert second["Location"] == reverse("account_login")
    assert User.objects.count() == 1


def test_the_sign_in_leads_to_the_first_admin_while_nobody_can_sign_in(client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("core:first_admin")
    make_user()
    assert client.get(reverse("account_login")).status_code == 200


def test_first_admin_form_names_what_is_wrong_and_keeps_the_rest(client: Client) -> None:
    response = client.post(reverse("core:first_admin"), {**NEW, "password": "short"})
    assert response.status_code == 422
    assert "password" in response.context["form"].errors
    assert 'value="mira@example.com"' in response.content.decode()
    assert not User.objects.exists()


def test_token_is_shown_once_and_only_its_digest_is_kept(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    page = client.post(reverse("core:token_create"), {"name": "sync", "access": "*:read"}).content.decode()
    token = re.search(r"crm_[\w-]{40,}", page)
    assert token is not None
    kept = ApiToken.objects.get()
    assert (kept.digest, kept.scopes) == (digest_of(token.group()), ["*:read"])
    assert token.group() not in client.get(reverse("core:profile")).content.decode()


def test_the_command_prints_the_token_alone() -> None:
    user, out = make_user("readonly"), io.StringIO()
    call_command("create_api_token", user.email, "--name", "sync", stdout=out)
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.digest) == (user, "sync", digest_of(out.getvalue().strip()))
    assert out.getvalue() == f"{out.getvalue().strip()}\n"
    answer = Client().get("/api/v1/contacts/", headers={"Authorization": f"Bearer {out.getvalue().strip()}"})
    assert answer.status_code == 200
    with pytest.raises(CommandError, match="No active user"):
        call_command("create_api_token", "nobody@x.example", "--name", "sync")


def test_nobody_revokes_a_strangers_token(client: Client) -> None:
    stranger = make_user()
    create_token(actor=stranger, user=stranger, name="theirs")
    token = ApiToken.objects.get()
    client.force_login(make_user(is_superuser=True))
    assert client.post(reverse("core:token_revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None

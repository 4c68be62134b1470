"""Signing in: by e-mail, bounded tries, a second factor, sessions that end, no enumeration."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.models import User
from core.services.users import deactivate_user, invite_user
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "pass-word-1"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("core:profile")).status_code == 200)


def test_signing_in_by_email_in_any_case(client: Client) -> None:
    make_user("readonly", email="mira@example.com")
    response = sign_in(client, "MIRA@example.com")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(client)


def test_wrong_password_and_unknown_address_look_the_same(client: Client) -> None:
    make_user(email="mira@example.com")
    known = sign_in(client, "mira@example.com", "wrong-word-1").content
    unknown = sign_in(client, "nobody@example.com", "wrong-word-1").content
    hide = re.compile(rb'("[A-Za-z0-9]{64}"|[a-z]+@example\.com)')
    assert hide.sub(b"", known) == hide.sub(b"", unknown)
    assert not is_in(client)


def test_user_without_password_or_deactivated_cannot_sign_in(client: Client) -> None:
    imported = make_user(email="agent@example.com")
    imported.set_unusable_password()
    imported.save()
    gone = make_user(email="gone@example.com", is_active=False)
    for email in (imported.email, gone.email):
        sign_in(client, str(email))
        assert not is_in(client)


def test_ten_failed_tries_lock_the_address_whatever_the_client_claims(client: Client) -> None:
    make_user(email="mira@example.com")
    for number in range(10):
        sign_in(client, "mira@example.com", "wrong-word-1", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert not is_in(client)
    sign_in(client, "mira@example.com")
    assert not is_in(client), "the right password opened after ten failures"


def test_lock_ends_after_a_quarter_of_an_hour(client: Client) -> None:
    make_user(email="mira@example.com")
    for _try in range(11):
        sign_in(client, "mira@example.com", "wrong-word-1")
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        sign_in(client, "mira@example.com")
        assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_are_counted_one_by_one() -> None:
    make_user(email="mira@example.com")

    def attempt(number: int) -> bool:
        from django.db import connection

        client = Client(REMOTE_ADDR=f"10.1.{number}.1")
        try:
            page = sign_in(client, "mira@example.com", f"wrong-word-{number}").content.decode()
        finally:
            connection.close()
        return "Too many failed" not in page

    with ThreadPoolExecutor(8) as pool:
        reached = sum(pool.map(attempt, range(40)))
    assert reached <= 10


def test_second_factor_is_asked_for_and_recovery_codes_work_once(client: Client) -> None:
    make_user(email="mira@example.com")
    sign_in(client, "mira@example.com")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    codes = re.findall(
        r"\b[a-z0-9]{8}\b", client.get(reverse("mfa_download_recovery_codes")).content.decode()
    )
    assert len(codes) >= 10

    other = Client()
    response = sign_in(other, "mira@example.com")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_in(other)

    again = Client()
    sign_in(again, "mira@example.com")
    again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not is_in(again)


def test_changing_the_password_ends_the_other_sessions() -> None:
    make_user(email="mira@example.com")
    here, there = Client(), Client()
    sign_in(here, "mira@example.com")
    sign_in(there, "mira@example.com")
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another-word-2", "password2": "another-word-2"},
    )
    assert not is_in(there)
    assert UserSession.objects.count() <= 1


def test_deactivating_ends_sessions_at_the_next_request() -> None:
    admin, user = make_user(is_superuser=True), make_user(email="mira@example.com")
    client = Client()
    sign_in(client, "mira@example.com")
    assert is_in(client)
    deactivate_user(actor=admin, user=user)
    assert not is_in(client)


def test_sessions_end_after_three_idle_and_twelve_hours(client: Client) -> None:
    make_user(email="mira@example.com")
    start = 1_800_000_000
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client, "mira@example.com")
        assert is_in(client)
        clock.move_to(start + 3 * 3600 + 400)
        assert not is_in(client)
        sign_in(client, "mira@example.com")
        begun = start + 3 * 3600 + 400
        for hour in range(1, 12):
            clock.move_to(begun + hour * 3600)
            assert is_in(client)
        clock.move_to(begun + 12 * 3600 + 10)
        assert not is_in(client)


def test_reset_link_uses_our_own_address_not_the_host_header(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://crm.example"
    make_user(email="mira@example.com")
    client.post(reverse("account_reset_password"), {"email": "mira@example.com"}, HTTP_HOST="localhost")
    assert len(mail.outbox) == 1
    link = re.search(r"https?://\S+", mail.outbox[0].body)
    assert link is not None and link.group().startswith("https://crm.example/accounts/password/reset/key/")
    client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert all("https://crm.example/accounts/password/reset/key/" not in m.body for m in mail.outbox[1:])


def test_invitation_lets_an_imported_agent_choose_a_password(
    client: Client, run_on_commit: Any, settings: Any
) -> None:
    admin = make_user(is_superuser=True)
    agent = make_user(email="agent@example.com")
    agent.set_unusable_password()
    agent.save()
    with run_on_commit():
        invite_user(actor=admin, user=agent)
    link = re.search(r"https?://\S+", mail.outbox[0].body)
    assert link is not None
    page = client.get(link.group().removeprefix(settings.PUBLIC_URL), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "chosen-word-3", "password2": "chosen-word-3"})
    assert User.objects.get(pk=agent.pk).check_password("chosen-word-3")
    client.logout()
    sign_in(client, "agent@example.com", "chosen-word-3")
    assert is_in(client)


@pytest.mark.parametrize(
    ("language", "subject"), [("de", "Ihr Konto in Meridian"), ("", "Your account in Meridian")]
)
def test_invitation_speaks_the_language_of_whom_it_invites(
    run_on_commit: Any, language: str, subject: str
) -> None:
    with run_on_commit():
        invite_user(actor=None, user=make_user(email="agent@example.com", language=language))
    assert mail.outbox[0].subject == subject


def test_production_lets_nobody_in_as_one_of_the_demos_people(client: Client, settings: Any) -> None:
    make_user(email="admin@demo.example")
    make_user(email="mira@example.com")
    sign_in(client, "admin@demo.example")
    assert is_in(client), "outside of production they are what the demo is for"
    settings.PRODUCTION = True
    assert not is_in(client), "whoever is in is out"
    sign_in(client, "admin@demo.example")
    assert not is_in(client)
    sign_in(client, "mira@example.com")
    assert is_in(client)


def test_reset_is_a_mail_of_the_house_and_nobody_else_gets_one(client: Client, mailoutbox: list[Any]) -> None:
    make_user(email="mira@example.com", name="Mira Castellanos")
    answers = [
        client.post(reverse("account_reset_password"), {"email": address}, follow=True).content
        for address in ("nobody@example.com", "mira@example.com")
    ]
    assert b"Look into your mail" in answers[0] and b"Look into your mail" in answers[1]
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["mira@example.com"], "Choose a new password for Meridian")
    assert mail.body.startswith("Hello Mira Castellanos,")
    link = re.search(r"http\S+", mail.body)
    assert link is not None
    page = client.get(link[0].removeprefix(settings.PUBLIC_URL), follow=True)
    words = {"password1": "a-long-new-word-7", "password2": "a-long-new-word-7"}
    done = client.post(page.redirect_chain[-1][0], words, follow=True)
    assert "Your password is set" in done.content.decode()
    again = Client().get(link[0].removeprefix(settings.PUBLIC_URL), follow=True)
    assert "This link is no longer good" in again.content.decode()

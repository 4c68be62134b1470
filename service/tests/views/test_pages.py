"""The pages: who may open them, what they cost, and that bad input keeps what was typed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from contacts.tests.factories import make_company, make_contact
from core.models import File, User
from core.tests.factories import make_role, make_team, make_user
from service.models import Message, RawMail, Ticket
from service.services.conversation import add_note, reply_to_ticket
from service.services.defaults import ensure_service_defaults
from service.tests.factories import make_mail, make_policy, make_queue, make_ticket, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user("service", make_team())
    client.force_login(user)
    return user


def queries(work: Callable[[], Any]) -> int:
    work()  # what is cached for the process is there by now
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return len(captured)


def full_ticket(agent: User, **fields: Any) -> Ticket:
    contact = make_contact(company=make_company())
    ticket = make_ticket(contact=contact, owner=agent, team=agent.team, **fields)
    reply_to_ticket(actor=agent, ticket=ticket, text="Hello", status="open")
    add_note(actor=agent, ticket=ticket, text="A note")
    return ticket


def test_list_costs_the_same_for_one_and_three(client: Client, agent: User) -> None:
    columns = "subject,number,requester,company,status,priority,due,owner,queue,updated,opened,channel,tags"
    url = f"/service/tickets/?columns={columns}"
    full_ticket(agent)
    one = queries(lambda: client.get(url))
    full_ticket(agent)
    full_ticket(agent)
    assert queries(lambda: client.get(url)) == one <= 20


def test_ticket_page_costs_the_same_for_one_and_three_messages(client: Client, agent: User) -> None:
    ticket = full_ticket(agent)
    url = f"/service/tickets/{ticket.pk}/"
    one = queries(lambda: client.get(url))
    for _number in range(2):
        reply_to_ticket(actor=agent, ticket=ticket, text="More", status="open")
        add_note(actor=agent, ticket=ticket, text="A note")
    assert queries(lambda: client.get(url)) == one <= 25


def test_clock_that_stands_still_and_an_answer_in_time_are_said(client: Client, agent: User) -> None:
    policy = make_policy(first=60, resolution=240)
    ticket = make_ticket(queue=make_queue(policy=policy), contact=make_contact(email="ann@example.org"))
    assert "Clock stopped" not in client.get(f"/service/tickets/{ticket.pk}/").content.decode()
    reply_to_ticket(actor=agent, ticket=ticket, text="On our way")
    text = client.get(f"/service/tickets/{ticket.pk}/").content.decode()
    assert "Clock stopped, " in text
    assert "of working time left" in text
    assert "· in time" in text
    Ticket.objects.filter(pk=ticket.pk).update(first_response_due_at=ticket.opened_at - timedelta(hours=1))
    assert "· late" in client.get(f"/service/tickets/{ticket.pk}/").content.decode()


def test_contact_page_shows_tickets_in_the_viewers_scope_only(client: Client, agent: User) -> None:
    contact = make_contact()
    make_ticket(contact=contact, subject="Calibration drift")
    assert "Calibration drift" in client.get(f"/contacts/{contact.pk}/").content.decode()
    outsider = make_user(make_role(contact="view:all"))
    client.force_login(outsider)
    assert "Calibration drift" not in client.get(f"/contacts/{contact.pk}/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("mine=true", {"mine"}),
        ("owner__empty=1", {"free", "late"}),
        ("overdue=true", {"late"}),
        ("status=new", {"mine", "free", "late"}),
        ("status=waiting", set()),
        ("priority=urgent", {"late"}),
        ("q=free", {"free"}),
        ("subject=FREE", {"free"}),
        ("open=false", set()),
    ],
)
def test_filters_select_what_they_say(client: Client, agent: User, query: str, expected: set[str]) -> None:
    from django.utils import timezone

    make_ticket(subject="mine", owner=agent)
    make_ticket(subject="free")
    late = make_ticket(subject="late", priority="urgent")
    Ticket.objects.filter(pk=late.pk).update(next_due_at=timezone.now())
    page = client.get(f"/service/tickets/?{query}").content.decode()
    rows = page[page.index('id="list"') :]
    assert {name for name in ("mine", "free", "late") if f">{name}</span>" in rows} == expected


def test_answer_with_file_and_copy(client: Client, agent: User) -> None:
    ticket = make_ticket()
    upload = SimpleUploadedFile("plan.pdf", b"%PDF", content_type="application/pdf")
    data = {"kind": "reply", "text": "See it", "cc": "bob@example.org", "status": "waiting", "files": upload}
    assert client.post(f"/service/tickets/{ticket.pk}/say/", data).status_code == 303
    message = Message.objects.get(direction="out")
    assert (message.cc_addresses, message.author, message.delivery) == ("bob@example.org", agent, "pending")
    assert File.objects.get().name == "plan.pdf"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"kind": "reply", "text": " "}, "Write something first."),
        ({"kind": "reply", "text": "my words", "cc": "nobody"}, "“nobody” is not an e-mail address."),
        ({"kind": "note", "note": ""}, "Write something first."),
        ({"kind": "reply", "text": "my words", "status": "new"}, "can&#x27;t become"),
    ],
)
def test_refused_answer_keeps_what_was_typed(
    client: Client, agent: User, data: dict[str, str], text: str
) -> None:
    ticket = make_ticket()
    Ticket.objects.update(status="open")
    answer = client.post(f"/service/tickets/{ticket.pk}/say/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert text in page
    assert data.get("text", "").strip() in page
    assert Message.objects.count() == 1


def test_an_answer_waits_while_somebody_else_has_just_said_something(client: Client, agent: User) -> None:
    ticket = make_ticket()
    url = f"/service/tickets/{ticket.pk}/say/"
    page = client.get(f"/service/tickets/{ticket.pk}/").content.decode()
    seen = Message.objects.get().pk
    assert f'name="seen" value="{seen}"' in page
    colleague = make_user("service", agent.team, name="Quick Colleague")
    reply_to_ticket(actor=colleague, ticket=ticket, text="We have sent a new one.", status="open")

    mine = {"kind": "reply", "text": "Please send us a photo.", "status": "waiting", "seen": str(seen)}
    answer = client.post(url, mine)
    page = answer.content.decode()
    assert (answer.status_code, Message.objects.filter(direction="out").count()) == (409, 1)
    told = page[page.index("data-conflict") :][:900]
    assert ("Quick Colleague" in told, "We have sent a new one." in told) == (True, True)
    assert "Please send us a photo.</textarea>" in page
    latest = Message.objects.latest("pk").pk
    assert f'name="seen" value="{latest}"' in page
    # sent again it is a decision; and once more by a nervous hand, it is not
    mine["seen"] = str(latest)
    assert [client.post(url, mine).status_code for _time in range(2)] == [303, 409]
    assert Message.objects.filter(direction="out").count() == 2


def test_a_refused_change_of_status_does_not_look_like_a_success(client: Client, agent: User) -> None:
    ticket = make_ticket()
    url = f"/service/tickets/{ticket.pk}/"
    client.post(f"{url}status/", {"status": "nonsense"})
    page = client.get(url).content.decode()
    assert ("snack error" in page, "snack success" in page) == (True, False)


def test_a_ticket_whose_words_are_refused_is_not_opened(client: Client) -> None:
    client.force_login(make_user(make_role(ticket="view:all,add:all", contact="view:all")))
    make_queue()
    data = {
        "subject": "Printer",
        "text": "It burns",
        "requester_address": "a@example.org",
        "priority": "normal",
    }
    client.post("/service/tickets/new/", data)
    assert Ticket.objects.count() == 0


def test_note_without_script_is_a_note(client: Client, agent: User) -> None:
    ticket = make_ticket()
    client.post(f"/service/tickets/{ticket.pk}/say/", {"kind": "reply", "text": "", "note": "Among us"})
    assert list(Message.objects.filter(text="Among us").values_list("direction", flat=True)) == ["note"]


def test_hostile_mail_is_shown_without_harm(client: Client, agent: User) -> None:
    html = (
        '<p onclick="x()">Hi<script>alert(1)</script><img src="http://evil/x.gif"><img src="cid:a">'
        '<a href="javascript:y()">l</a><style>p{}</style><form action="/x"><input></form></p>'
    )
    raw = f"From: a@b.org\nTo: s@x.org\nSubject: <b>s</b>\nContent-Type: text/html\n\n{html}\n".encode()
    received = receive(raw)
    page = client.get(f"/service/tickets/{received.ticket_id}/").content.decode()
    shown = page[page.index('class="timeline conversation"') :]
    for wrong in ("<script", "onclick", "javascript:", "evil", "cid:", "<form action", "<style", "<b>s</b>"):
        assert wrong not in shown.split("</ul>")[0]


def test_attachments_are_downloads_and_follow_the_tickets_scope(client: Client, agent: User) -> None:
    raw = (
        b"From: a@b.org\nTo: s@x.org\nSubject: s\nContent-Type: multipart/mixed; boundary=B\n\n"
        b'--B\nContent-Type: text/html; name="x.html"\nContent-Disposition: attachment\n\n<script>1</script>\n--B--\n'
    )
    received = receive(raw)
    file = File.objects.get()
    answer = client.get(f"/service/attachments/{file.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="x.html"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    original = client.get(f"/service/messages/{received.message_id}/raw/")
    assert b"".join(original.streaming_content) == raw
    client.force_login(make_user(make_role(ticket="view:own")))
    assert client.get(f"/service/attachments/{file.pk}/").status_code == 404
    assert client.get(f"/service/messages/{received.message_id}/raw/").status_code == 404


WRITES = [
    ("say/", {"kind": "note", "note": "x"}),
    ("say/", {"kind": "reply", "text": "x"}),
    ("status/", {"status": "solved"}),
    ("take/", {}),
    ("edit/", {"subject": "changed", "priority": "low"}),
]


@pytest.mark.parametrize(("path", "data"), WRITES)
def test_who_may_only_look_changes_nothing(client: Client, path: str, data: dict[str, str]) -> None:
    ticket = make_ticket()
    client.force_login(make_user("readonly"))
    assert client.get(f"/service/tickets/{ticket.pk}/").status_code == 200
    assert client.post(f"/service/tickets/{ticket.pk}/{path}", data).status_code == 403
    before = Ticket.objects.get(pk=ticket.pk)
    assert (before.version, before.status, before.owner) == (ticket.version, "new", None)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("path", "data"), [("", None), *WRITES])
def test_ticket_out_of_scope_is_not_there(client: Client, path: str, data: dict[str, str] | None) -> None:
    ticket = make_ticket()
    client.force_login(make_user(make_role(ticket="view:own,change:own,add:own")))
    url = f"/service/tickets/{ticket.pk}/{path}"
    answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code == 404
    assert Message.objects.count() == 1


def test_unreadable_mail_is_listed_read_again_and_put_away(client: Client, agent: User) -> None:
    receive(b"\x00")
    mail = RawMail.objects.get()
    page = client.get("/service/mail/").content.decode()
    assert "The mail names no sender that could be answered." in page
    assert b"".join(client.get(f"/service/mail/{mail.pk}/raw/").streaming_content) == b"\x00"
    client.post(f"/service/mail/{mail.pk}/", {"action": "read"})
    mail.refresh_from_db()
    assert mail.state == "unreadable"
    client.post(f"/service/mail/{mail.pk}/", {"action": "dismiss"})
    mail.refresh_from_db()
    assert (mail.state, Path(mail.content.path).exists()) == ("dismissed", True)
    client.force_login(make_user("sales"))
    assert client.get("/service/mail/").status_code == 403


def test_mail_held_back_becomes_a_ticket_when_read_again(
    client: Client, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("service.services.receiving.HOURLY_CAP", 0)
        receive(make_mail())
    answer = client.post(f"/service/mail/{RawMail.objects.get().pk}/", {"action": "read"})
    assert answer["Location"] == f"/service/tickets/{Ticket.objects.get().pk}/"


def test_new_ticket_from_a_contacts_page_takes_the_address(client: Client, agent: User) -> None:
    ensure_service_defaults(actor=None)
    contact = make_contact(email="ann@example.org")
    assert (
        f'value="{contact.pk}" selected'
        in client.get(f"/service/tickets/new/?contact={contact.pk}").content.decode()
    )
    data = {"subject": "By phone", "text": "It hums", "contact": contact.pk, "priority": "high"}
    client.post("/service/tickets/new/", data)
    ticket = Ticket.objects.get()
    assert (ticket.requester_address, ticket.priority, ticket.channel) == ("ann@example.org", "high", "agent")
    assert ticket.messages.get().text == "It hums"


class TestHelpPage:
    """What anybody may do, and may not."""

    FORM = {"name": "Ann", "address": "ann@example.org", "subject": "Help", "text": "Please"}

    @pytest.fixture(autouse=True)
    def queue(self) -> None:
        ensure_service_defaults(actor=None)

    @pytest.mark.parametrize("missing", ["name", "address", "subject", "text"])
    def test_missing_field_is_named_and_the_rest_kept(self, client: Client, missing: str) -> None:
        answer = client.post("/help/", {**self.FORM, missing: ""})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="id_{missing}_error"' in page or f'id="error_1_id_{missing}"' in page
        assert all(value in page for name, value in self.FORM.items() if name != missing)
        assert Ticket.objects.count() == 0

    @pytest.mark.parametrize("address", ["nobody", "a@b@c", "a b@c.org", "vera@visitor", "x\r\nBcc: y@z.org"])
    def test_wrong_address_is_refused(self, client: Client, address: str) -> None:
        answer = client.post("/help/", {**self.FORM, "address": address})
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"address"}
        assert Ticket.objects.count() == 0

    def test_trap_catches_robots_quietly(self, client: Client) -> None:
        answer = client.post("/help/", {**self.FORM, "website": "http://spam"})
        assert (answer.status_code, answer["Location"]) == (302, "/help/sent/")
        assert Ticket.objects.count() == Contact.objects.count() == 0

    def test_flood_from_one_place_is_stopped_with_words_kept(self, client: Client) -> None:
        codes = [client.post("/help/", self.FORM).status_code for _number in range(11)]
        assert codes == [302] * 10 + [429]
        assert "Please" in client.post("/help/", self.FORM).content.decode()
        assert Ticket.objects.count() == 10
        assert Message.objects.filter(direction="out").count() == 3

    def test_flood_behind_our_proxy_stops_nobody_else(self, client: Client, settings) -> None:
        settings.TRUSTED_PROXIES = 1
        flood, other = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
        codes = [client.post("/help/", self.FORM, headers=flood).status_code for _number in range(11)]
        assert codes[-1] == 429
        assert client.post("/help/", self.FORM, headers=other).status_code == 302

    def test_known_and_unknown_addresses_are_answered_alike(self, client: Client) -> None:
        make_contact(email="known@example.org")
        known = client.post("/help/", {**self.FORM, "address": "known@example.org"}, follow=True)
        unknown = client.post("/help/", {**self.FORM, "address": "unknown@example.org"}, follow=True)
        pages = [
            answer.content.decode().replace(str(number), "N")
            for answer, number in zip(
                (known, unknown), Ticket.objects.order_by("pk").values_list("pk", flat=True), strict=True
            )
        ]
        assert "example.org" not in pages[0]
        assert pages[0].count("Thank you") == pages[1].count("Thank you") == 1

    def test_post_needs_the_csrf_token(self) -> None:
        assert Client(enforce_csrf_checks=True).post("/help/", self.FORM).status_code == 403

    def test_status_page_needs_the_random_link_and_names_nobody(self, client: Client) -> None:
        ticket = make_ticket(requester_name="Secret Name", subject="Printer")
        page = client.get(f"/help/{ticket.token}/").content.decode()
        assert "Printer" in page
        assert "Secret Name" not in page
        assert ticket.requester_address not in page
        assert client.get(f"/help/{ticket.pk}/").status_code == 404

    def test_topic_is_asked_for_only_where_there_are_several(self, client: Client) -> None:
        assert 'name="queue"' not in client.get("/help/").content.decode()
        other = make_queue(name="Repairs")
        make_queue(name="Hidden", on_help_page=False)
        page = client.get("/help/").content.decode()
        assert "Repairs" in page
        assert "Hidden" not in page
        client.post("/help/", {**self.FORM, "queue": other.pk})
        assert Ticket.objects.get().queue == other

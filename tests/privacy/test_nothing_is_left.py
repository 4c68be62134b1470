"""A person put into every place by the product's own ways; erased; and the decoding scan over all of it finds none."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.services.merging import merge_records
from contacts.services.opt_ins import ask_to_opt_in
from contacts.services.parties import update_contact
from contacts.services.person_mails import ask_for_link
from contacts.services.preferences import choose, set_pace
from contacts.services.privacy import erase_contact
from contacts.services.requests import open_request
from contacts.services.segments import create_segment
from contacts.tests.factories import make_activity, make_contact
from core.jobs.running import run
from core.management.commands.scan_for_person import Command
from core.models import Job
from core.outbox.dispatcher import drain as dispatch
from core.privacy.scan.search import search
from core.services.comments import add_comment
from core.services.files import attach_file
from core.tests.factories import make_user
from core.tests.importing.bring import bring
from local.mail_catcher import MailCatcher
from marketing.services.drain import drain as send
from marketing.services.launch import launch_campaign
from marketing.tests.factories import make_campaign
from sales.tests.factories import make_deal, make_order
from service.models import Ticket
from service.services.conversation import reply_to_ticket
from service.services.sending import deliver, due_messages
from service.tests.factories import make_mail, make_survey_answer, receive

pytestmark = pytest.mark.django_db
NAME, ADDRESS, PHONE = "Zenobia Quimbywick", "zenobia.quimbywick@hive.example", "+442079460958"
FILE = f"""First name,Last name,E-mail,Phone
Zenobia,Quimbywick,{ADDRESS},020 7946 0958
Zenobia,Quimbywick,no address,020 7946 0958
"""
TABLES = (
    *(
        "contacts_activity",
        "contacts_consent",
        "contacts_contact",
        "contacts_contactpoint",
        "contacts_mergelog",
    ),
    *(
        "contacts_mergestep",
        "contacts_optin",
        "contacts_privacyrequest",
        "contacts_segment",
        "core_importrow",
    ),
    *(
        "contacts_timelineentry",
        "core_comment",
        "core_file",
        "core_job",
        "core_notification",
        "core_savedview",
    ),
    *("django_session", "marketing_recipient", "sales_deal", "service_message", "service_rawmail"),
    *("service_surveyanswer", "service_ticket"),
)


@pytest.fixture
def instance(settings: Any, tmp_path: Path) -> Any:
    """An instance's folders, its mail server, and a log file written as the product's are."""
    settings.CRM_DATA, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.MAIL_STORE, settings.MAIL_JOURNAL_DIR = str(tmp_path / "mail"), tmp_path / "journal"
    settings.ERASURE_LOG = tmp_path / "away" / "erasures.jsonl"
    logs = settings.CRM_DATA / "logs"
    logs.mkdir(parents=True)
    handler = logging.FileHandler(logs / "worker.log")
    config = django_settings.LOGGING
    made = logging.config.DictConfigurator(config)  # type: ignore[attr-defined]
    handler.setFormatter(made.configure_formatter(dict(config["formatters"]["json"])))
    handler.addFilter(made.configure_filter(dict(config["filters"]["no_personal_data"])))
    logger = logging.getLogger("crm")
    logger.addHandler(handler)
    with MailCatcher(tmp_path / "mail") as catcher:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_URL = "127.0.0.1", catcher.port, catcher.url
        yield settings
    logger.removeHandler(handler)


def left(*more: str) -> list[str]:
    return search([NAME, ADDRESS, PHONE, *more], Command().places([])).places


def work() -> None:
    """What workers do: jobs, events, mails."""
    for job in Job.objects.filter(state="queued"):
        run(job.pk)
    dispatch()
    for pk in due_messages():
        deliver(pk)


def in_contacts(admin: Any) -> Contact:
    contact = make_contact("Zenobia", "Quimbywick", email=ADDRESS, phone=PHONE, owner=admin, city="Leeds")
    update_contact(actor=admin, contact=contact, changes={"job_title": f"Queen {NAME}"})
    contact.refresh_from_db()
    update_contact(actor=admin, contact=contact, changes={"job_title": "Queen"})
    colleague = make_user("admin", name="Kim")
    add_comment(actor=admin, record=contact, body=f"@[Kim]({colleague.pk}) call {NAME} on 020 7946 0958")
    attach_file(actor=admin, record=contact, name=f"{NAME}.txt", content=ContentFile(f"Dear {NAME}".encode()))
    make_activity(contact=contact, subject=f"Call {NAME}", body=f"she said: write to {ADDRESS}", owner=admin)
    second = make_contact("Zenobia", "Quimbywick", email=ADDRESS, phone=PHONE)
    merge_records(
        actor=admin, record_type="contact", ids=[contact.pk, second.pk], reason=f"both are {ADDRESS}"
    )
    return Contact.objects.get()


def in_words_of_others(admin: Any, client: Client) -> None:
    """Search terms, filters and rules, as pages keep them."""
    for query in (
        f"q={NAME.replace(' ', '+')}",
        "q=zenobia.quimbywick%40hive.example",
        "q=%2B44%2020%207946%200958",
    ):
        client.post(reverse("core:save_view", args=["contact"]), {"name": "Found", "query": query})
        client.get(f"/contacts/?{query}")
        client.post("/exports/contact/", {"format": "csv", "query": query})
    rule = {"all": [{"field": "email", "op": "is", "value": ADDRESS}]}
    create_segment(actor=admin, name="One", kind="dynamic", rule=rule)
    client.get("/")
    session = SessionStore()
    session["_messages"] = f"{NAME} was deleted"
    session.save()


def in_mails(admin: Any, contact: Contact) -> None:
    ask_for_link(actor=None, address=ADDRESS)
    ask_to_opt_in(actor=None, address=ADDRESS, purposes=["marketing"], source="page", first_name="Zenobia",
                  last_name="Quimbywick")  # fmt: skip
    choose(actor=None, contact=contact, wanted={("marketing", "email"): True}, source=f"page, {ADDRESS}")
    set_pace(actor=None, contact=contact, pause_weeks=0)
    received = receive(
        make_mail(f"It is me, {NAME}, {PHONE}.", sender=f"{NAME} <{ADDRESS}>", Subject=f"From {NAME}")
    )
    ticket = Ticket.objects.get(pk=received.ticket_id)
    reply_to_ticket(actor=admin, ticket=ticket, text=f"Dear {NAME}, it is solved.")
    make_survey_answer(ticket, words=f"Thank you! {NAME}")
    campaign = make_campaign(contact, subject="News for {{ first_name }} {{ last_name }}")
    launch_campaign(actor=None, campaign=campaign)
    assert send(campaign.pk).sent == 1


def test_nothing_of_a_person_is_left_anywhere(
    instance: Any, client: Client, run_on_commit: Any, redis_server: Any
) -> None:
    admin = make_user("admin", name="Admin", is_superuser=True)
    client.force_login(admin)
    with run_on_commit():
        contact = in_contacts(admin)
        in_words_of_others(admin, client)
        bring(admin, "contacts", FILE)
        in_mails(admin, contact)
        make_deal(name=f"Deal with {NAME}", contact=contact)
        make_order(contact=contact)
        open_request(actor=None, kind="access", contact=contact, source=f"letter of {ADDRESS}")
        logging.getLogger("crm.test").error(
            "no mail to %s", ADDRESS, extra={"address": ADDRESS, "phone": PHONE}
        )
        work()
        work()
    before = {place.removeprefix(f"{instance.CRM_DATA.parent}/") for place in left()}
    assert before >= {f"public.{table}" for table in TABLES} | {"history.change"}
    for folder in (
        "data/media/exports/",
        "data/media/files/",
        "data/media/imports/",
        "data/media/mail/",
        "mail/new/",
    ):
        assert any(place.startswith(folder) for place in before), folder
    with run_on_commit():
        erase_contact(actor=admin, contact=contact)
    work()
    assert left() == []

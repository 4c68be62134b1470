"""Tickets: the list, a ticket's page with its conversation, and the dialogs that create and change them."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.enums import Action
from core.services.base import StaleRecord
from core.ui.access import RecordTypeView
from core.ui.form_pages import CreatePage, EditPage, add_errors
from core.ui.forms import RecordForm
from core.ui.list_query import ListQuery
from core.ui.lists import ListPage
from core.ui.records import Field, FieldGroup, RecordPage
from core.ui.toasts import done, refused
from core.ui.undo import undo_url
from sales.registrations.links import record_url
from service.badges import clock_badge, priority_badge, score_badge, status_badge, stopped_text
from service.forms.tickets import SayForm, TicketCreateForm, TicketForm, status_choices
from service.models import Message, Ticket
from service.rules import DONE_STATUSES
from service.selectors.surveys import survey_of
from service.selectors.tickets import conversation, find_tickets, mail_to_look_at, said_since, tickets_of
from service.services.attachments import read_uploads
from service.services.content import MessageContent
from service.services.conversation import add_customer_message, add_note, reply_to_ticket, resend_message
from service.services.tickets import change_status, open_ticket, update_ticket
from service.views.conversation import shown_conversation

OTHERS = 5


def moment(name: str) -> Callable[[Ticket], str | None]:
    """A time of the ticket to the minute, in the viewer's zone: deadlines are no matter of days."""

    def text(ticket: Ticket) -> str | None:
        value = getattr(ticket, name)
        return date_format(timezone.localtime(value), "j M Y H:i") if value is not None else None

    return text


def solution_due(ticket: Ticket) -> str | None:
    """When the solution is due; while the customer has the next step, that the clock stands still."""
    return stopped_text(ticket) or moment("resolution_due_at")(ticket)


def first_answered(ticket: Ticket) -> str | None:
    """When the first answer was given, and whether that was in time."""
    at, due = ticket.first_responded_at, ticket.first_response_due_at
    text = moment("first_responded_at")(ticket)
    if at is None or due is None:
        return text
    return f"{text} · {_t('in time') if at <= due else _t('late')}"


class TicketList(ListPage):
    """All tickets in scope; the shared views are open, mine, unassigned, overdue."""

    record_type = "ticket"
    default_sort = "-updated"
    template_name = "service/ticket_list.html"
    layouts = (
        ("service:ticket_list", _("List"), "list"),
        ("service:ticket_map", _("Map"), "map-pin"),
    )
    empty_text = _("No tickets. What people write to you arrives here.")

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return find_tickets(rows, text)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        sees_mail = self.profile.allows("raw_mail", "view")
        return {"mail_count": mail_to_look_at(self.request.user)[:100].count() if sees_mail else 0}


class TicketPage(RecordPage):
    """A ticket: the conversation, the composer, its properties and its clock."""

    record_type = "ticket"
    template_name = "service/ticket_detail.html"
    edit_url_name = "service:ticket_update"
    groups = (
        FieldGroup(
            _("Properties"),
            (
                Field("status", value=status_badge, editable=False),
                Field("priority", value=priority_badge),
                "owner",
                "queue",
                Field("team", editable=False),
                "tags",
            ),
        ),
        FieldGroup(
            _("Requester"),
            ("contact", "company", "requester_name", Field("requester_address", copy=True)),
        ),
        FieldGroup(
            _("Clock"),
            (
                Field("first_response_due_at", editable=False, value=moment("first_response_due_at")),
                Field("first_responded_at", editable=False, value=first_answered),
                Field("resolution_due_at", editable=False, value=solution_due),
                Field("solved_at", editable=False, value=moment("solved_at")),
                Field(
                    "reopened_count",
                    editable=False,
                    value=lambda ticket: ticket.reopened_count or None,
                ),
            ),
        ),
        FieldGroup(
            _("Record"),
            (
                Field("channel", value=lambda ticket: ticket.get_channel_display(), editable=False),
                Field("opened_at", editable=False, value=moment("opened_at")),
            ),
            open=False,
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return (
            super()
            .get_queryset()
            .select_related("contact__company", "company", "owner", "team", "queue")
            .prefetch_related("tags")
        )

    def extra_context(self, record: Ticket) -> dict[str, Any]:
        return {
            "status_badge": status_badge(record),
            "clock": clock_badge(record),
            "contact_url": record_url("contact", record.contact_id),
            "company_url": record_url("company", record.company_id),
            "is_done": record.status in DONE_STATUSES,
            "survey": self.survey_context(record),
            "peek_subtitle": f"#{record.pk} · {record.get_status_display()}",
            **self.conversation_context(record),
        }

    def survey_context(self, record: Ticket) -> dict[str, Any] | None:
        """What the customer was asked and said about the solution, as far as the viewer's role shows it."""
        if not self.profile.allows("survey_answer", "view"):
            return None
        survey = survey_of(self.request.user, record)
        if survey is None:
            return None
        hidden = self.profile.hidden_fields("survey_answer")
        answer = survey.answer
        return {
            "asked_at": survey.request.asked_at,
            "answer": answer,
            "score": score_badge(answer) if answer is not None and "score" not in hidden else "",
            "words": answer.words if answer is not None and "words" not in hidden else "",
        }

    def conversation_context(self, record: Ticket) -> dict[str, Any]:
        choices = status_choices(record)
        messages = conversation(self.request.user, record)[::-1]
        return {
            "messages_shown": shown_conversation(messages),
            "seen": max((one.pk for one in messages), default=0),
            "say": SayForm(initial={"kind": "reply", "status": choices[0][0] if choices else ""}),
            "status_choices": choices,
            "may_reply": bool(record.requester_address),
            "cc_value": self.request.POST.get("cc", ""),
            "other_tickets": self.other_tickets(record),
        }

    def other_tickets(self, record: Ticket) -> list[tuple[Ticket, Any, Any]]:
        """The requester's other tickets that the viewer sees."""
        if record.contact is None:
            return []
        rows = tickets_of(self.request.user, record.contact).exclude(pk=record.pk)[:OTHERS]
        return [(ticket, status_badge(ticket), clock_badge(ticket)) for ticket in rows]


class TicketSay(TicketPage):
    """Answer the customer, or write a note."""

    required_action = Action.CHANGE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.find(pk, Action.CHANGE)
        return done(request, reverse("service:ticket_detail", args=[pk]))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket = self.find(pk, Action.CHANGE)
        form = SayForm(request.POST)
        if form.is_valid():
            try:
                text = self._say(ticket, form)
                return done(request, reverse("service:ticket_detail", args=[pk]) + "#latest", text)
            except ValidationError as error:
                add_errors(form, error)
            except StaleRecord:
                news = said_since(request.user, ticket, form.cleaned_data["seen"])
                return self._again(form, status=409, news=shown_conversation(news))
        return self._again(form, status=422, seen=request.POST.get("seen", ""))

    def _again(self, form: SayForm, *, status: int, **extra: Any) -> HttpResponse:
        """The page with everything typed, and what is to be known before it is sent again."""
        record = self.get_queryset().get(pk=self.kwargs["pk"])
        context = {**self.context(record, peek=False), "say": form, **extra}
        return render(self.request, "service/ticket_detail.html", context, status=status)

    def _say(self, ticket: Ticket, form: SayForm) -> str:
        values, actor = form.cleaned_data, self.request.user
        url = reverse("service:ticket_detail", args=[ticket.pk])
        if form.is_note:
            try:
                add_note(actor=actor, ticket=ticket, text=values["note"], url=url)
            except ValidationError as error:
                raise ValidationError({"note": error.messages}) from error
            return _t("Note added")
        reply_to_ticket(
            actor=actor,
            ticket=ticket,
            text=values["text"],
            cc=values["cc"],
            attachments=read_uploads(self.request.FILES.getlist("files")),
            status=values["status"] or ticket.status,
            seen=values["seen"],
        )
        return _t("Answer on its way to %(address)s") % {"address": ticket.requester_address}


class TicketStatusView(RecordTypeView):
    """Move a ticket to another status by its buttons."""

    record_type = "ticket"
    required_action = Action.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket = self.find(pk, Action.CHANGE)
        url = reverse("service:ticket_detail", args=[pk])
        try:
            ticket = change_status(actor=request.user, ticket=ticket, status=request.POST.get("status", ""))
        except ValidationError as error:
            return refused(request, url, error.messages[0])
        text = _t("Status: %(status)s") % {"status": ticket.get_status_display()}
        return done(request, url, text, undo_url=undo_url(request))


class TicketTake(RecordTypeView):
    """Take a ticket oneself."""

    record_type = "ticket"
    required_action = Action.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticket = self.find(pk, Action.CHANGE)
        update_ticket(actor=request.user, ticket=ticket, changes={"owner": request.user})
        url = reverse("service:ticket_detail", args=[pk])
        return done(request, url, _t("The ticket is yours"), undo_url=undo_url(request))


class TicketCreate(CreatePage):
    """A new ticket, entered by one of us."""

    record_type = "ticket"
    form_class = TicketCreateForm
    title = _("New ticket")
    submit_label = _("Open ticket")

    def save(self, form: RecordForm) -> Any:
        values = {name: value for name, value in form.values.items() if value not in (None, "")}
        text = values.pop("text", "")
        # the ticket comes with its words or not at all: a form sent again would else open a second one
        with transaction.atomic():
            ticket = open_ticket(actor=self.request.user, **values)
            if text:
                content = MessageContent(
                    text=text, from_name=ticket.requester_name, from_address=ticket.requester_address
                )
                add_customer_message(actor=self.request.user, ticket=ticket, content=content, opens=True)
        return ticket

    def saved_text(self, record: Any) -> str:
        return _t("Ticket #%(number)d opened") % {"number": record.pk}


class TicketUpdate(EditPage):
    """Edit the properties of a ticket."""

    record_type = "ticket"
    form_class = TicketForm
    title = _("Edit ticket")

    def save(self, form: RecordForm) -> Any:
        changes = form.changes
        return update_ticket(
            actor=self.request.user,
            ticket=self.fresh(),
            tags=changes.pop("tags", None),
            changes=changes,
            expected_version=form.expected_version,
        )


class MessageResend(RecordTypeView):
    """Send an answer again that did not go out."""

    record_type = "ticket"
    required_action = Action.CHANGE

    def post(self, request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
        ticket = self.find(pk, Action.CHANGE)
        message = Message.objects.visible_to(request.user).filter(ticket=ticket, pk=message_pk).first()
        if message is None:
            raise Http404
        url = reverse("service:ticket_detail", args=[pk])
        try:
            resend_message(actor=request.user, message=message)
        except ValidationError as error:
            return refused(request, url, error.messages[0])
        return done(request, url, _t("On its way again"))

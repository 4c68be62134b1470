"""What service tells other apps and itself, as frozen dataclasses of ids."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True)
class TicketOpened(Event):
    """A ticket came to be."""

    name = "service.ticket_opened"
    ticket_id: int


@dataclass(frozen=True)
class MailReturned(Event):
    """A delivery report or a complaint came in; the raw mail is kept and says about whom."""

    name = "service.mail_returned"
    raw_mail_id: int


@dataclass(frozen=True)
class CustomerAnswered(Event):
    """The customer wrote on a ticket that was there already."""

    name = "service.customer_answered"
    ticket_id: int
    message_id: int


@dataclass(frozen=True)
class TicketSolved(Event):
    """A ticket was solved, or closed without having been solved before."""

    name = "service.ticket_solved"
    ticket_id: int


@dataclass(frozen=True)
class TicketReopened(Event):
    """A solved or closed ticket is open again."""

    name = "service.ticket_reopened"
    ticket_id: int


@dataclass(frozen=True)
class TicketAssigned(Event):
    """A ticket got another owner."""

    name = "service.ticket_assigned"
    ticket_id: int
    owner_id: int
    by_id: int | None


@dataclass(frozen=True)
class MessageUndelivered(Event):
    """An answer could not be sent, or came back."""

    name = "service.message_undelivered"
    message_id: int


@dataclass(frozen=True)
class SurveyAnswered(Event):
    """A customer said how satisfied they are, or said it anew (`times` counts)."""

    name = "service.survey_answered"
    answer_id: int
    times: int

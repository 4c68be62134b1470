from service.models.messages import Message
from service.models.queues import Queue, SlaPolicy
from service.models.raw_mail import RawMail
from service.models.surveys import SurveyAnswer, SurveyRequest, SurveySettings
from service.models.tickets import NO_DEADLINE, Ticket

__all__ = [
    "NO_DEADLINE",
    "Message",
    "Queue",
    "RawMail",
    "SlaPolicy",
    "SurveyAnswer",
    "SurveyRequest",
    "SurveySettings",
    "Ticket",
]

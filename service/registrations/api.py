"""Resources of the API."""

from core.api.router import register
from service.api.queues import QueueRecords
from service.api.surveys import SurveyAnswerRecords
from service.api.tickets import TicketRecords

register("tickets", TicketRecords, "ticket")
register("queues", QueueRecords, "queue")
register("survey-answers", SurveyAnswerRecords, "survey_answer")

"""The list of what customers said in surveys."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.ui.lists import ListPage


class SurveyAnswerList(ListPage):
    """Answers about tickets in scope, the newest first."""

    record_type = "survey_answer"
    default_sort = "-answered"
    empty_text = _("No answers yet. Customers are asked once surveys are switched on in the settings.")

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return rows.filter(words__icontains=text)

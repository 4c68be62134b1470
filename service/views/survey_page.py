"""The survey's public page: GET shows it and changes nothing, as scanners follow links; POST writes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.views.person.base import PublicPage
from core.ui.form_pages import add_errors
from service.forms.surveys import SurveyForm
from service.models import SurveyRequest
from service.selectors.surveys import request_behind
from service.services.surveys import answer_survey, refuse_surveys


class SurveyPage(PublicPage):
    """404 for a forged link, 410 for one that has ended. `?score=4` fills in what was clicked in the mail."""

    survey: SurveyRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = request_behind(kwargs["token"])
        if found is None:
            raise Http404
        self.survey = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.GET.get("said") == "stopped":
            return self.stopped()
        if not self.survey.is_open:
            return self.ended()
        if request.GET.get("said") == "thanks":
            return self.answer(SurveyForm(initial=self.given()), said=_("Thank you. Your answer is kept."))
        return self.answer(SurveyForm(initial=self.given() | self.clicked(request)))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.POST.get("do") == "stop":
            refuse_surveys(actor=None, request=self.survey)
            return self.to("stopped")
        if not self.survey.is_open:
            return self.ended()
        form = SurveyForm(request.POST)
        if form.is_valid():
            try:
                answer_survey(actor=None, request=self.survey, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                return self.to("thanks")
        return self.answer(form, status=422)

    def given(self) -> dict[str, Any]:
        """What was answered before."""
        answer = getattr(self.survey, "answer", None)
        return {"score": answer.score, "words": answer.words} if answer is not None else {}

    def clicked(self, request: HttpRequest) -> dict[str, Any]:
        score = request.GET.get("score", "")
        return {"score": int(score)} if score in {"1", "2", "3", "4", "5"} else {}

    def to(self, said: str) -> HttpResponse:
        url = reverse("survey:answer", args=[self.kwargs["token"]])
        language = translation.get_language() if "lang" in self.request.GET else ""
        more = f"&lang={language}" if language else ""
        return HttpResponse(status=303, headers={"Location": f"{url}?said={said}{more}"})

    def answer(self, form: SurveyForm, *, said: str = "", status: int = 200) -> HttpResponse:
        context = {"form": form, "ticket": self.survey.ticket, "ends": self.survey.expires_at, "said": said}
        return self.show("service/survey.html", status, **context)

    def ended(self) -> HttpResponse:
        text = _("Answers to this survey are no longer taken. Write to us if something is still wrong.")
        return self.notice(_("This link has ended"), text, status=410)

    def stopped(self) -> HttpResponse:
        text = _("We send you no surveys any more. Answers to your questions still reach you.")
        return self.notice(_("No more surveys"), text)

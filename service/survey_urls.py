"""The public page of a survey, under `/s/`, by signed link. It stands in mails: it never changes."""

from django.urls import path

from service.views import survey_page

app_name = "survey"
urlpatterns = [path("<str:token>/", survey_page.SurveyPage.as_view(), name="answer")]

"""The survey's public page, the list of answers, the ticket's page and the API."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Consent
from core.models import Change
from core.services.tokens import create_token
from core.tests.factories import make_role, make_user
from service.models import SurveyAnswer, SurveyRequest, SurveySettings
from service.survey_links import survey_token
from service.tests.services.test_surveys import ann, answered, asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(db: None) -> None:
    SurveySettings.objects.create(pk=1, is_on=True, rest_days=0)


def page_of(request: SurveyRequest) -> str:
    return f"/s/{survey_token(request.pk, request.nonce)}/"


def test_opening_the_page_changes_nothing_and_names_nobody(client: Client) -> None:
    url = page_of(asked(ann(), subject="Printer"))
    before = Change.objects.count()
    answer = client.get(url + "?score=4")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="score-4" required checked' in text
    assert "Printer" in text
    assert "Lee" not in text
    assert "ann@example.org" not in text
    assert answer["Cache-Control"].count("no-store") == 1
    assert (SurveyAnswer.objects.count(), Change.objects.count()) == (0, before)


def test_answer_is_sent_without_a_script_and_changed(client: Client) -> None:
    url = page_of(asked(ann()))
    answer = client.post(url, {"score": "3", "words": "So so"})
    assert (answer.status_code, answer["Location"]) == (303, f"{url}?said=thanks")
    text = client.get(answer["Location"]).content.decode()
    assert "Thank you" in text
    assert 'id="score-3" required checked' in text
    assert ">So so</textarea>" in text
    client.post(url, {"score": "5", "words": "Good in the end"})
    assert list(SurveyAnswer.objects.values_list("score", "words", "times")) == [(5, "Good in the end", 2)]


def test_missing_score_is_said_and_the_words_are_kept(client: Client) -> None:
    answer = client.post(page_of(asked(ann())), {"words": "What I <b>typed</b>"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose from 1 to 5." in text
    assert "What I &lt;b&gt;typed&lt;/b&gt;</textarea>" in text
    assert not SurveyAnswer.objects.exists()


def test_forged_link_is_not_found_and_an_ended_one_says_so(client: Client) -> None:
    request = asked(ann())
    url = page_of(request)
    assert client.get(f"/s/{request.pk}.{'A' * 22}/").status_code == 404
    assert client.get("/s/nonsense/").status_code == 404
    SurveyRequest.objects.update(expires_at=timezone.now())
    for answer in (client.get(url), client.post(url, {"score": "5"})):
        assert answer.status_code == 410
        assert "This link has ended" in answer.content.decode()
    assert not SurveyAnswer.objects.exists()


def test_no_more_surveys_is_written_into_the_consent_ledger(client: Client) -> None:
    request = asked(ann())
    answer = client.post(page_of(request), {"do": "stop"})
    assert answer.status_code == 303
    assert "No more surveys" in client.get(answer["Location"]).content.decode()
    line = Consent.objects.get()
    assert (line.purpose, line.channel, line.state, line.source) == (
        "survey",
        "email",
        "withdrawn",
        "Survey page",
    )


@pytest.mark.parametrize(
    ("language", "heading", "direction"),
    [("de", "Wie war es?", ""), ("ar", "كيف كانت المساعدة؟", ' dir="rtl"')],
)
def test_page_speaks_the_customers_language(
    client: Client, language: str, heading: str, direction: str
) -> None:
    text = client.get(page_of(asked(ann())) + f"?lang={language}").content.decode()
    assert f"<h1>{heading}</h1>" in text
    assert f'<html lang="{language}"{direction} data-theme' in text


def test_list_is_filtered_and_costs_the_same_for_one_and_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(make_user("service"))
    answered(ann(), 1, "Far too slow")
    with_one = _queries(client, "/service/surveys/")
    answered(ann(), 5, "Great")
    answered(ann(), 4, "")
    assert _queries(client, "/service/surveys/") == with_one
    text = client.get("/service/surveys/?score__lte=2&words__contains=slow").content.decode()
    assert "Far too slow" in text
    assert "Great" not in text


def _queries(client: Client, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_ticket_page_shows_what_was_said_to_whom_it_is_granted(client: Client) -> None:
    answer = answered(ann(), 2, "Far too slow")
    url = f"/service/tickets/{answer.ticket_id}/"
    client.force_login(make_user("service"))
    text = client.get(url).content.decode()
    assert "2 of 5" in text
    assert "Far too slow" in text
    client.force_login(make_user(make_role(ticket="view:all")))
    text = client.get(url).content.decode()
    assert "2 of 5" not in text
    assert "Far too slow" not in text


def test_api_reads_answers_and_writes_none() -> None:
    user = make_user("service")
    client = Client(headers={"Authorization": f"Bearer {create_token(actor=user, user=user, name='t')}"})
    answer = answered(ann(), 2, "Far too slow")
    body = client.get("/api/v1/survey-answers/?score__lte=3").json()
    assert body["count"] == 1
    (row,) = body["results"]
    assert (row["id"], row["score"], row["words"], row["contact"]["name"]) == (
        answer.pk,
        2,
        "Far too slow",
        "Ann Lee",
    )
    assert row["ticket"]["id"] == answer.ticket_id
    assert client.get("/api/v1/survey-answers/?score__gte=3").json()["count"] == 0
    assert client.post("/api/v1/survey-answers/", {"score": 5}).status_code == 405

"""Which language the API answers in, and that it says so."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from core.models import User
from core.services.tokens import create_token
from core.tests.factories import make_user

ENGLISH, GERMAN = "There is no such filter.", "Einen solchen Filter gibt es nicht."

pytestmark = pytest.mark.django_db
Asked = Callable[..., tuple[str, str]]


@pytest.fixture
def german() -> User:
    return make_user("admin", language="de")


@pytest.fixture
def asked(client: Client, german: User) -> Asked:
    """What is wrong with a filter that there is not, asked with a token, and the language it says to answer in."""
    secret = create_token(actor=german, user=german, name="script")

    def ask(**headers: str) -> tuple[str, str]:
        answer = client.get(
            "/api/v1/contacts/?nothing=1", headers={"authorization": f"Bearer {secret}", **headers}
        )
        assert answer.status_code == 400
        return answer.json()["errors"]["nothing"][0], answer["Content-Language"]

    return ask


@pytest.mark.parametrize("headers", [{}, {"accept-language": "*"}])
def test_token_that_asks_for_no_language_is_answered_in_its_owners(
    asked: Asked, headers: dict[str, str]
) -> None:
    assert asked(**headers) == (GERMAN, "de")


def test_language_that_a_token_asks_for_goes_before_its_owners(asked: Asked) -> None:
    assert asked(**{"accept-language": "en"}) == (ENGLISH, "en")


def test_language_of_a_tokens_owner_ends_with_the_request(client: Client, asked: Asked) -> None:
    before = translation.get_language()
    asked()
    assert translation.get_language() == before
    assert client.get("/accounts/login/")["Content-Language"] == "en"


def test_session_is_answered_in_its_owners_language_and_says_so(client: Client, german: User) -> None:
    client.force_login(german)
    answer = client.get("/api/v1/contacts/?nothing=1", headers={"accept-language": "en"})
    assert (answer.json()["errors"]["nothing"][0], answer["Content-Language"]) == (GERMAN, "de")

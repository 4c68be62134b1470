"""Who asks the API of sales."""

import pytest
from django.test import Client

from core.models import User
from core.tests.factories import make_user
from sales.tests.factories import make_pipeline


@pytest.fixture
def admin(client: Client) -> User:
    make_pipeline()
    user = make_user("admin")
    client.force_login(user)
    return user

"""The places of the sidebar."""

from collections import Counter
from typing import Any

import pytest

from core.models import Notification
from core.registries import navigation
from core.scope.access import AccessProfile
from core.tests.factories import make_user


def test_a_key_leads_to_one_place() -> None:
    everybody = AccessProfile(user_id=1, everything=True)
    keys = Counter(entry.shortcut for entry in navigation.entries(everybody) if entry.shortcut)
    assert len(keys) > 10
    assert [key for key, places in keys.items() if places > 1] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("unread", "shown"), [(0, None), (7, "7"), (99, "99"), (100, "99+"), (130, "99+")])
def test_a_number_that_was_cut_says_so(client_of: Any, unread: int, shown: str | None) -> None:
    user = make_user()
    Notification.objects.bulk_create(
        Notification(user=user, kind="mention", text=f"note {number}") for number in range(unread)
    )
    page = client_of(user).get("/inbox/").content.decode()
    assert (f'<span class="count num hot">{shown}</span>' in page) == (shown is not None)
    assert ('class="count num hot"' in page) == (shown is not None)

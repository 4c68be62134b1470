"""The places of the sidebar."""

from collections import Counter

from core.registries import navigation
from core.scope.access import AccessProfile


def test_a_key_leads_to_one_place() -> None:
    everybody = AccessProfile(user_id=1, everything=True)
    keys = Counter(entry.shortcut for entry in navigation.entries(everybody) if entry.shortcut)
    assert len(keys) > 10
    assert [key for key, places in keys.items() if places > 1] == []

"""Whose limit a request counts for."""

import pytest
from django.test import RequestFactory

from core.limits import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # no proxy of ours: anybody may write the header
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first one is the visitor's own claim
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "10.0.0.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),  # asked directly, as a health check does
    ],
)
def test_client_address_believes_as_many_proxies_as_stand_in_front(
    settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address

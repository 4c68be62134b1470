"""The callers of core's API tests, for contacts."""

from core.tests.api.conftest import cost, seller, send

__all__ = ["cost", "seller", "send"]

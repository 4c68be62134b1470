"""The one router under `/api/v1/`; apps register their resources in `ready()`."""

from rest_framework.routers import SimpleRouter

router = SimpleRouter()


def register(prefix: str, viewset: type, basename: str) -> None:
    """Offer `viewset` at `/api/v1/<prefix>/`."""
    router.register(prefix, viewset, basename=basename)

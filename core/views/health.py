"""`/livez`: the process answers. `/readyz`: its database and broker answer too."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, else 503 naming the part that is away."""
    parts = {"database": _database(), "redis": _redis()}
    ready = all(parts.values())
    body = {
        "status": "ok" if ready else "unavailable",
        **{k: "ok" if v else "away" for k, v in parts.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False

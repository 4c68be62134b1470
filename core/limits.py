"""How often something may be done from one place: counted in Redis, in windows of fixed length."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """Where a request comes from. Behind `TRUSTED_PROXIES` proxies, what the outermost of them saw: counted from
    the end of X-Forwarded-For, whose beginning anybody may write. Otherwise everybody would share the proxy's
    address, and with it one limit."""
    proxies: int = settings.TRUSTED_PROXIES
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(named) >= proxies:
        return named[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def within_limit(kind: str, who: str, limit: int, seconds: int) -> bool:
    """Count one more; False once `who` did it more than `limit` times in the running window. `who` is kept as
    a keyed digest only, which nobody can try addresses against, and no longer than the window."""
    window = int(time.time()) // seconds
    digest = salted_hmac("core.limits", who, algorithm="sha256").hexdigest()[:24]
    key = f"limit:{kind}:{window}:{digest}"
    cache.add(key, 0, timeout=seconds)
    try:
        return bool(cache.incr(key) <= limit)
    except ValueError:  # the window ended between the two calls
        return True

"""How often something may be done from one place: counted in Redis, in windows of fixed length."""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac


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

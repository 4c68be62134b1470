"""Servers that are not ours: whether they answer, told before anything is started on them."""

import psycopg2
import redis

from core.mail.server import parse_email_url
from local import roles
from local.errors import StartError


def require_database(url: str) -> None:
    """Raise StartError, without the password, unless the login works."""
    try:
        roles.connect(url).close()
    except ValueError as error:
        raise StartError(f"DATABASE_URL is not usable: {error}.") from error
    except psycopg2.OperationalError as error:
        reason = " ".join(str(error).split())
        raise StartError(
            f"The server of DATABASE_URL (or MIGRATION_DATABASE_URL) refused: {reason}"
        ) from error


def require_redis(url: str) -> None:
    """Raise StartError unless the server answers."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10) as client:
            client.ping()
    except ValueError as error:
        raise StartError(f"REDIS_URL is not usable: {error}.") from error
    except redis.RedisError as error:
        raise StartError(f"The server of REDIS_URL refused: {error}") from error


def require_mail(url: str) -> None:
    """Raise StartError unless the URL can be read. A mail server that is away is no reason not to start."""
    try:
        parse_email_url(url)
    except ValueError as error:
        raise StartError(f"{error}.") from error

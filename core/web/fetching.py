"""Fetching a public web page: the name is resolved once, every address is checked, and the connection goes to
the checked address itself, so that a name which changes its mind leads nowhere. Redirects are checked again."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

from core.reasons import Explained
from core.web.addresses import is_public

AGENT = "MeridianCRM/1 (+contact the operator of this installation)"
Resolver = Callable[[str, int], list[str]]


class FetchRefused(Explained):
    """The page may not or can't be read; the text says why, without what the other side said."""


@dataclass(frozen=True)
class Limits:
    """What a page may cost."""

    seconds: float = 10.0
    size: int = 1_000_000
    redirects: int = 3
    ports: tuple[int, ...] = (80, 443)


@dataclass(frozen=True)
class Page:
    """A page's last address and its text."""

    url: str
    text: str


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def fetch(
    url: str,
    *,
    limits: Limits | None = None,
    resolver: Resolver = resolve,
    allowed: Callable[[str], bool] = is_public,
) -> Page:
    """The HTML page at `url`. Raises FetchRefused. `resolver` and `allowed` are for tests."""
    limits = limits or Limits()
    ends_at = time.monotonic() + limits.seconds
    for _hop in range(limits.redirects + 1):
        parts = _checked(url, limits)
        status, location, page = _get(parts, limits, ends_at, resolver, allowed)
        if location is None:
            if status != 200:
                raise FetchRefused(_("the site answered %(status)s"), status=status)
            return Page(url, page)
        url = urljoin(url, location)
    raise FetchRefused(_("too many redirects"))


def _checked(url: str, limits: Limits) -> SplitResult:
    """The parts of an address that may be asked at all."""
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url) or "\\" in url:
        raise FetchRefused(_("the address has characters that do not belong there"))
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise FetchRefused(_("the address can't be read")) from None
    if parts.scheme not in ("http", "https"):
        raise FetchRefused(_("only http and https are read"))
    if not host or "%" in host or parts.username is not None or parts.password is not None:
        raise FetchRefused(_("the address can't be read"))
    if (port or (443 if parts.scheme == "https" else 80)) not in limits.ports:
        raise FetchRefused(_("this port is not asked"))
    return parts


def _get(
    parts: SplitResult, limits: Limits, ends_at: float, resolver: Resolver, allowed: Callable[[str], bool]
) -> tuple[int, str | None, str]:
    host = (parts.hostname or "").encode("idna").decode("ascii")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address_of(host, port, resolver, allowed)
    left = ends_at - time.monotonic()
    if left <= 0:
        raise FetchRefused(_("the site took too long"))
    connection = _Pinned(host, port, address, secure=parts.scheme == "https", timeout=left)
    watch = threading.Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"User-Agent": AGENT, "Accept": "text/html"})
        return _read(connection.getresponse(), limits)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchRefused(_("the site could not be read")) from error
    finally:
        watch.cancel()
        connection.close()


def _address_of(host: str, port: int, resolver: Resolver, allowed: Callable[[str], bool]) -> str:
    """The first address of a host, all of whose addresses are public: one that is not spoils the name."""
    try:
        found = resolver(host, port)
    except (OSError, UnicodeError):
        raise FetchRefused(_("there is no such site")) from None
    if not found or not all(allowed(address) for address in found):
        raise FetchRefused(_("the site is not on the public internet"))
    return found[0]


def _read(response: http.client.HTTPResponse, limits: Limits) -> tuple[int, str | None, str]:
    if response.status in (301, 302, 303, 307, 308):
        location = response.getheader("Location")
        if not location:
            raise FetchRefused(_("the site leads nowhere"))
        return response.status, location, ""
    kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml"):
        raise FetchRefused(_("the site is no page of text"))
    if (response.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise FetchRefused(_("the page is compressed, which was not asked for"))
    content = response.read(limits.size + 1)
    if len(content) > limits.size:
        raise FetchRefused(_("the page is too large"))
    if response.length:  # the connection ended before the page did
        raise FetchRefused(_("the site could not be read to its end"))
    charset = response.headers.get_content_charset() or "utf-8"
    try:
        return response.status, None, content.decode(charset, "replace")
    except LookupError:
        return response.status, None, content.decode("utf-8", "replace")


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the host's name."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.address, self.secure = address, secure

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = plain
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End whatever goes on: a site that sends a byte a minute is not waited for."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

"""No page of the inside is reached, however its address is written; against a listener that counts."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from core.web.addresses import is_public
from core.web.fetching import FetchRefused, Limits, fetch


class Listener:
    """A web server on the loopback that counts who comes."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.hits.append(self.path)
                html = {"Content-Type": "text/html; charset=utf-8"}
                status, headers, body = outer.answers.get(self.path, (200, html, b"<title>Inside</title>"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    return

            def log_message(self, *args: object) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()


HOSTS = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0x7f.0.0.1", "0x7f000001", "0x7F.1", "2130706433",
    "017700000001", "0177.0.0.1", "0177.0.0.0x1", "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.",
    "localhost.localdomain", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]",
    "[ff02::1]", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "10.0.0.1", "192.168.1.1", "172.16.0.1",
    "100.64.0.1", "169.254.169.254", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
    "user@127.0.0.1", "example.com@127.0.0.1", "user:pass@127.0.0.1", "127.0.0.1%00.example.com",
)  # fmt: skip


def test_no_form_of_an_inner_address_is_reached(listener: Listener) -> None:
    limits = Limits(seconds=2, ports=(listener.port,))
    assert len(HOSTS) >= 30
    for host in HOSTS:
        for scheme in ("http", "https"):
            with pytest.raises(FetchRefused):
                fetch(f"{scheme}://{host}:{listener.port}/", limits=limits)
    odd = (
        f"http:127.0.0.1:{listener.port}/", f"//127.0.0.1:{listener.port}/", "file:///etc/passwd",
        f"gopher://127.0.0.1:{listener.port}/", f"ftp://127.0.0.1:{listener.port}/", "http://", "http:///x",
        f"http://127.0.0.1:{listener.port}\\@example.com/", f"http://127.0.0.1:{listener.port}/\r\nX: y",
        f"http://example.com#@127.0.0.1:{listener.port}/", f"http://[::1:{listener.port}/", "http://a:b:c/",
    )  # fmt: skip
    for url in odd:
        with pytest.raises(FetchRefused):
            fetch(url, limits=limits, resolver=lambda host, port: ["127.0.0.1"])
    assert listener.hits == []


def test_the_listener_would_answer(listener: Listener) -> None:
    """What the other tests refuse is really there to be reached."""
    limits = Limits(ports=(listener.port,))
    page = fetch(f"http://127.0.0.1:{listener.port}/", limits=limits, allowed=lambda address: True)
    assert (page.text, listener.hits) == ("<title>Inside</title>", ["/"])


def test_one_inner_address_among_public_ones_spoils_a_name(listener: Listener) -> None:
    with pytest.raises(FetchRefused, match="not on the public internet"):
        fetch(
            f"http://two.example:{listener.port}/",
            limits=Limits(ports=(listener.port,)),
            resolver=lambda host, port: ["93.184.216.34", "127.0.0.1"],
        )
    assert listener.hits == []


def test_a_name_that_changes_its_mind_is_asked_once(listener: Listener) -> None:
    """The address that was checked is the one that is connected to; the name isn't resolved again."""
    asked: list[str] = []

    def fickle(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    page = fetch(
        f"http://fickle.example:{listener.port}/",
        limits=Limits(ports=(listener.port,)),
        resolver=fickle,
        allowed=lambda address: address == "127.0.0.1",
    )
    assert (page.text, asked) == ("<title>Inside</title>", ["fickle.example"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["http://10.0.0.1:{port}/secret", "//localhost.:{port}/secret", "file:///etc/passwd"]
)
def test_redirects_are_checked_again(listener: Listener, status: int, target: str) -> None:
    listener.answers["/go"] = (status, {"Location": target.format(port=listener.port)}, b"")
    with pytest.raises(FetchRefused):
        fetch(
            f"http://public.example:{listener.port}/go",
            limits=Limits(seconds=2, ports=(listener.port,)),
            resolver=lambda host, port: ["127.0.0.1"] if host == "public.example" else ["10.0.0.1"],
            allowed=lambda address: address == "127.0.0.1",
        )
    assert listener.hits == ["/go"]


def test_limits_of_size_kind_number_and_time(listener: Listener) -> None:
    html = {"Content-Type": "text/html"}
    listener.answers["/big"] = (200, html, b"x" * 2001)
    listener.answers["/pdf"] = (200, {"Content-Type": "application/pdf"}, b"%PDF")
    listener.answers["/gzip"] = (200, {**html, "Content-Encoding": "gzip"}, b"\x1f\x8b")
    listener.answers["/loop"] = (302, {"Location": "/loop"}, b"")
    listener.answers["/gone"] = (404, html, b"no")
    listener.answers["/slow"] = (200, {**html, "Content-Length": "100"}, b"only this")
    for path, why in (
        ("/big", "too large"), ("/pdf", "no page"), ("/gzip", "compressed"), ("/loop", "too many redirects"),
        ("/gone", "404"), ("/slow", "could not be read"),
    ):  # fmt: skip
        with pytest.raises(FetchRefused, match=why):
            fetch(
                f"http://127.0.0.1:{listener.port}{path}",
                limits=Limits(seconds=3, size=2000, ports=(listener.port,)),
                allowed=lambda address: True,
            )
    with pytest.raises(FetchRefused, match="port"):
        fetch("http://example.com:8080/", resolver=lambda host, port: ["93.184.216.34"])


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "1.1.1.1"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)

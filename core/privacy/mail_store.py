"""The Maildir on this machine: erasing a person takes the mails out that went to them or came from them."""

from collections.abc import Iterable
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from pathlib import Path

HEADERS = ("X-Envelope-To", "X-Envelope-From", "To", "Cc", "From", "Reply-To", "Delivered-To")


def mails_of(store: Path, addresses: Iterable[str]) -> list[Path]:
    """The messages in which one of the (normalised) addresses takes part."""
    wanted = set(addresses)
    parser = BytesHeaderParser(policy=compat32)
    found = []
    for folder in ("new", "cur", "tmp"):
        for path in sorted((store / folder).glob("*")) if wanted else ():
            with path.open("rb") as file:
                head = parser.parse(file)
            values = [str(value) for name in HEADERS for value in head.get_all(name, [])]
            if wanted & {address.casefold() for _name, address in getaddresses(values)}:
                found.append(path)
    return found


def forget_mails(store: str, addresses: Iterable[str]) -> int:
    """Delete them; returns how many. Without a store, or with one that is not there, nothing happens."""
    gone = 0
    for path in mails_of(Path(store), addresses) if store else ():
        path.unlink(missing_ok=True)
        gone += 1
    return gone

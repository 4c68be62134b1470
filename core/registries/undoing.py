"""What has to go when a request is undone, beside the rows of the change history.

Tables without a history (a timeline) tell of what the request did; an app that keeps one says how its lines
are taken back.
"""

from collections.abc import Callable, Collection

Forget = Callable[[str, Collection[tuple[str, int]]], None]
"""`forget(request_id, kept)`: take back what the request wrote, but for the records (type, id) that the undoing
left as they are because somebody has changed them since."""

_forgetters: list[Forget] = []


def register(forget: Forget) -> None:
    if forget not in _forgetters:
        _forgetters.append(forget)


def forget_request(request_id: str, kept: Collection[tuple[str, int]]) -> None:
    """Tell every app, in the transaction of the undoing."""
    for forget in _forgetters:
        forget(request_id, kept)

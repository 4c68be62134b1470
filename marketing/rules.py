"""What may follow what, and what a request is evidence of. No models, no settings."""

import re
from datetime import timedelta

from marketing.enums import CampaignState, EngagementKind, Evidence

TRANSITIONS: dict[str, frozenset[str]] = {
    CampaignState.DRAFT: frozenset({CampaignState.SENDING}),
    CampaignState.SENDING: frozenset({CampaignState.PAUSED, CampaignState.FINISHED, CampaignState.STOPPED}),
    CampaignState.PAUSED: frozenset({CampaignState.SENDING, CampaignState.STOPPED}),
    CampaignState.FINISHED: frozenset(),
    CampaignState.STOPPED: frozenset(),
}
MAX_ATTEMPTS = 5
"""Tries for an address that the receiving server puts off (4xx)."""

_SCANNERS = re.compile(
    r"bot\b|crawler|spider|scan|barracuda|proofpoint|mimecast|symantec|safelinks|forcepoint|python|curl|wget|"
    r"go-http|java/|okhttp|axios|libwww|headless|phantom|preview|monitor",
    re.IGNORECASE,
)
_PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|ggpht|YahooCacheSystem|DuckDuckGo", re.IGNORECASE)
_BARE = re.compile(r"Mozilla/5\.0\s*\Z")
_BROWSERS = re.compile(
    r"Mozilla/5\.0 \([^)]+\).*(?:Gecko|AppleWebKit|Trident)|Thunderbird|Outlook|Microsoft Office",
    re.IGNORECASE,
)
TOO_FAST = timedelta(seconds=5)
"""Nobody reads and follows a link this soon after the mail was handed over."""


def may_become(state: str, target: str) -> bool:
    """Whether a campaign in `state` may go to `target`."""
    return target in TRANSITIONS.get(state, frozenset())


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the given number of tries: 2, 4, 8, 16… minutes."""
    return timedelta(minutes=2 ** max(1, min(attempts, 10)))


def evidence_of(
    kind: EngagementKind, user_agent: str, *, since_sent: timedelta | None, head: bool = False
) -> Evidence:
    """What class of evidence a request for a pixel or a link is.

    Apple's privacy proxy calls itself just «Mozilla/5.0»; scanners follow links at once, by HEAD, or under
    their own names. What can't be told is `unknown`.
    """
    if head or _SCANNERS.search(user_agent):
        return Evidence.SCANNER
    if _PROXIES.search(user_agent) or (kind == EngagementKind.OPEN and _BARE.match(user_agent)):
        return Evidence.PROXY
    if since_sent is not None and since_sent < TOO_FAST:
        return Evidence.SCANNER if kind == EngagementKind.CLICK else Evidence.PROXY
    return Evidence.HUMAN if _BROWSERS.search(user_agent) else Evidence.UNKNOWN

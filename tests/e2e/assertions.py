"""What must hold on every page."""

from functools import cache
from typing import Any, Literal

from playwright.sync_api import Page

from local.instance import PROJECT_ROOT

_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_LOOKS: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (
    ("light", _RULES),
    ("dark", _COLOUR_RULES),
)
"""In the dark only what looks at colours (axe's tag `cat.color`): the dark look differs from the light one in
nothing else, as test_every_page.py proves, so the other rules would find the same twice."""


@cache
def _axe() -> str:
    return (PROJECT_ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def _load_axe(page: Page) -> None:
    """axe in the page as it stands. Both ways are the debugger's, so the page's own content security policy stays in
    force; whoever looks at one page looks at more, so the context's next ones find the source there, not yet run."""
    if page.evaluate("() => { window.startAxe?.(); return Boolean(window.axe); }"):
        return
    page.context.add_init_script(f"window.startAxe = () => {{{_axe()}\n}};")
    page.evaluate(_axe())


def assert_no_axe_violations(page: Page) -> None:
    """No violation of WCAG 2.2 AA or best practice in the page as it stands, light and dark."""
    _load_axe(page)
    found: list[str] = []
    for scheme, rules in _LOOKS:
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})",
            rules,
        )
        for violation in result["violations"]:
            found += [
                f"{scheme}: {violation['id']}: {violation['help']}: {node['target']} {node['failureSummary']}"
                for node in violation["nodes"]
            ]
    assert not found, "\n".join(found)


def assert_no_sideways_scroll(page: Page) -> None:
    """The page is no wider than its window."""
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"the page is {widths[0]} px wide in a window of {widths[1]} px"


def tab_to(page: Page, selector: str, most: int = 90) -> None:
    """Press Tab until the focus is on what `selector` names, as somebody without a mouse does."""
    for _step in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the keyboard")

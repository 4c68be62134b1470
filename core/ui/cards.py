"""Cards of boards as HTML, made in Python for the same reason as rows of lists."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.ui import markup

if TYPE_CHECKING:
    from core.ui.boards import Card


class CardWriter:
    """Writes the cards of one board; `movable` says whether this person may move them."""

    def __init__(self, *, movable: bool) -> None:
        self.movable = movable
        self.role = f' tabindex="0" aria-roledescription="{escape(_("movable card"))}"' if movable else ""
        self.move_icon = markup.icon("arrows-right-left")
        warning, words = markup.icon("alert-triangle"), escape(_("No next step"))
        self.no_step = f'<span class="next-action none">{warning}{words}</span>'

    def cards(self, cards: Iterable["Card"]) -> SafeString:
        """The list items of a column."""
        return mark_safe("".join(self.card(card) for card in cards))  # noqa: S308 - `card` escapes

    def card(self, card: "Card") -> str:
        subtitle = f"<small>{escape(card.subtitle)}</small>" if card.subtitle else ""
        parts = [
            f'<li class="board-card" data-card="{card.id}" data-version="{card.version}"{self.role}>',
            '<span class="rotting" aria-hidden="true"></span>' if card.rotting else "",
            f'<div class="title">{markup.avatar(card.subtitle or card.title, "square")}',
            f'<a data-row-link href="{escape(card.url)}">{escape(card.title)}{subtitle}</a></div>',
            self._move(card),
            self._amount(card),
            self._rotting(card),
            self._foot(card),
            "</li>",
        ]
        return "".join(parts)

    def _move(self, card: "Card") -> str:
        if not self.movable:
            return ""
        label = escape(_("Move %(name)s to…") % {"name": card.title})
        return (
            f'<div class="move"><button class="button ghost square small" type="button" data-move-menu'
            f' aria-haspopup="menu" aria-expanded="false" aria-label="{label}">{self.move_icon}</button></div>'
        )

    def _amount(self, card: "Card") -> str:
        badges = "".join(str(conditional_escape(badge)) for badge in card.badges)
        row = f'<div class="row-gap">{badges}</div>' if badges else ""
        if not card.amount and not card.note:
            return row
        return (
            f'<div class="amount num"><b>{escape(card.amount)}</b><span>{escape(card.note)}</span></div>{row}'
        )

    def _rotting(self, card: "Card") -> str:
        if not card.rotting:
            return ""
        return f'<div class="rotting-text">{markup.icon("hourglass-low")}{escape(card.rotting)}</div>'

    def _foot(self, card: "Card") -> str:
        step = ""
        if card.next_text:
            drawing = markup.icon(card.next_icon)
            step = (
                f'<span class="next-action {escape(card.next_tone)}">{drawing}{escape(card.next_text)}</span>'
            )
        elif card.next_tone == "none":
            step = self.no_step
        owner = ""
        if card.owner:
            name = escape(card.owner)
            picture = markup.avatar(card.owner, "size-s")
            owner = f'<span class="owner" title="{name}">{picture}<span class="visually-hidden">{name}</span></span>'
        return f'<div class="board-card-foot">{step}{owner}</div>' if step or owner else ""

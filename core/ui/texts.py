"""The words that scripts show, handed over with the page so that they are translated like all others."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCRIPT_TEXTS: dict[str, str | Promise] = {
    "undo": _("Undo"),
    "open": _("Open"),
    "close": _("Close"),
    "dialog": _("Dialog"),
    "discard_draft": _("Discard draft"),
    "forbidden": _("You are not allowed to do this."),
    "gone": _("This is no longer there, or not yours to see."),
    "too_many": _("That was too much at once. Wait a moment and try again."),
    "server_error": _("Something went wrong on our side. What you typed is kept; try again."),
    "offline": _("No connection to the server. What you typed is kept; try again."),
    "selected": _("{count} selected"),
    "no_results": _("Nothing found"),
    "moved_to": _("Moved to {stage}"),
    "move_refused": _("The card could not be moved there. Reload the page and try again."),
    "taken": _("Taken from {stage}. Arrow keys carry, Space puts down, Escape puts back."),
    "over": _("Over {stage}"),
    "put_back": _("Put back"),
}

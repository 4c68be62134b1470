"""Choices that core's models and rules share."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """What a role may do with records of a type."""

    VIEW = "view", _("View")
    ADD = "add", _("Add")
    CHANGE = "change", _("Change")
    DELETE = "delete", _("Delete")
    EXPORT = "export", _("Export")


class AccessLevel(TextChoices):
    """How far an action reaches: `rank` orders them."""

    NONE = "none", _("None")
    OWN = "own", _("Own")
    TEAM = "team", _("Team and the teams below")
    ALL = "all", _("All")

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(AccessLevel)}


class JobState(TextChoices):
    """The life of a job; `queued` and `running` are open, `paused` waits for a person, the others are final."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Visibility(TextChoices):
    """Who sees a saved view."""

    PRIVATE = "private", _("Only me")
    TEAM = "team", _("My team")
    EVERYONE = "everyone", _("Everyone")


class Sharing(TextChoices):
    """Who sees a document besides its owner and team."""

    NOBODY = "nobody", _("Nobody else")
    TEAMS = "teams", _("Chosen teams")
    EVERYONE = "everyone", _("Everyone")


class ImportRowFate(TextChoices):
    """What became of one line of an imported file."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")


class TagColour(IntegerChoices):
    """The colours of tags, by the number of their hue in the styles."""

    RED = 1, _("Red")
    ORANGE = 2, _("Orange")
    YELLOW = 3, _("Yellow")
    GREEN = 4, _("Green")
    TEAL = 5, _("Teal")
    BLUE = 6, _("Blue")
    GREY = 7, _("Grey")
    VIOLET = 8, _("Violet")


class CustomKind(TextChoices):
    """What a custom field holds."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("Choice")
    MULTI = "multi", _("Several choices")
    MONEY = "money", _("Money")
    LINK = "link", _("Link to a record")
    FORMULA = "formula", _("Formula")


class CustomIndexState(TextChoices):
    """How the database indexes of a custom field stand; empty means that none are wanted."""

    WAITING = "waiting", _("Waiting")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class RetentionAction(TextChoices):
    """What a retention policy does with a record whose time has come."""

    REVIEW = "review", _("Ask a colleague")
    DELETE = "delete", _("Delete")
    ANONYMISE = "anonymise", _("Erase the person")

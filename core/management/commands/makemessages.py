"""Django's `makemessages`, which also knows `_t`: `gettext` beside a module's lazy `_`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """As Django's, with one keyword more."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]

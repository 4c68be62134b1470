"""The questions that a customer's page answers, in the order in which people ask them."""

from django.utils.translation import gettext_lazy as _

from core.registries import profile
from core.registries.profile import Question

NO_PURCHASE = _("Not known yet: nothing has been bought.")
profile.register_questions(
    Question("who", _("Who they are"), "id", _("Not known yet."), 1),
    Question("kind", _("A business or a person"), "building", _("Not known yet."), 2),
    Question(
        "where",
        _("Where they are"),
        "map-pin",
        _("Not known yet: no place is on record."),
        3,
    ),
    Question(
        "size",
        _("How big they are"),
        "ruler-2",
        _("Not known yet: no size is on record."),
        4,
    ),
    Question(
        "work", _("What they do"), "briefcase", _("Not known yet: no job title or industry is on record."), 5
    ),
    Question(
        "need",
        _("Why they need what we sell"),
        "bulb",
        _("Not known yet: they asked for nothing."),
        6,
    ),
    Question(
        "channels", _("How they communicate"), "messages", _("Not known yet: nobody has spoken with them."), 7
    ),
    Question(
        "account",
        _("Whether they have an account"),
        "key",
        _("None is known: no customer number, and no order in their name."),
        8,
    ),
    Question("since", _("Customer since"), "calendar", NO_PURCHASE, 9),
    Question("frequency", _("How often they buy"), "repeat", NO_PURCHASE, 10),
    Question("when", _("When they buy"), "clock", NO_PURCHASE, 11),
    Question(
        "season",
        _("With what season"),
        "sun",
        _("Not known yet: it takes a year and 12 purchases."),
        12,
    ),
    Question("order_size", _("How much at a time"), "shopping-cart", NO_PURCHASE, 13),
    Question("total", _("How much over time"), "coins", NO_PURCHASE, 14),
    Question("items", _("What they buy"), "package", NO_PURCHASE, 15),
    Question(
        "variety",
        _("Always the same or not"),
        "arrows-shuffle",
        _("Not known yet: it takes two purchases."),
        16,
    ),
    Question(
        "reasons",
        _("Why they buy, and why not"),
        "help-circle",
        _("Not known yet: no deal is decided and no survey answered."),
        17,
    ),
    Question(
        "problems",
        _("Which problems they have"),
        "alert-triangle",
        _("None: they never asked for help."),
        18,
    ),
    Question("cases", _("How their cases stand"), "lifebuoy", _("No case has been opened."), 19),
)

"""Why two records may be one, in words: levels of agreement said with the records' own names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.matching.names import name_of
from contacts.matching.nicknames import is_full_form


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for (`speaks_for`) or against two records being one."""

    text: str
    speaks_for: bool


FOR: dict[str, str | Promise] = {
    "surname=rare": gettext_lazy("same, unusual surname"),
    "surname=same": gettext_lazy("same surname"),
    "surname=common": gettext_lazy("same, common surname"),
    "surname=part": gettext_lazy("one surname is part of the other"),
    "surname=sound": gettext_lazy("surnames sound alike"),
    "surname=gender": gettext_lazy("surnames of one family"),
    "surname=alike": gettext_lazy("similar surnames"),
    "surname=initial": gettext_lazy("surname fits the initial"),
    "given=same": gettext_lazy("same first name"),
    "given=part": gettext_lazy("one first name is part of the other"),
    "given=sound": gettext_lazy("first names sound alike"),
    "given=alike": gettext_lazy("similar first names"),
    "order=swapped": gettext_lazy("first name and surname changed places"),
    "generation=same": gettext_lazy("same generation (Jr, Sr)"),
    "email=same": gettext_lazy("same e-mail address"),
    "email=several": gettext_lazy("same e-mail address"),
    "email=shared": gettext_lazy("same e-mail address"),
    "email=family": gettext_lazy("same e-mail address"),
    "email=typo": gettext_lazy("e-mail addresses one character apart"),
    "email=local": gettext_lazy("same e-mail name at another provider"),
    "email=named": gettext_lazy("same e-mail name at another provider"),
    "email=alike": gettext_lazy("similar e-mail names"),
    "mobile=same": gettext_lazy("same mobile"),
    "mobile=several": gettext_lazy("same mobile"),
    "mobile=shared": gettext_lazy("same mobile"),
    "mobile=digit": gettext_lazy("mobile numbers one digit apart"),
    "phone=same": gettext_lazy("same phone number"),
    "phone=several": gettext_lazy("same phone number"),
    "phone=shared": gettext_lazy("same phone number"),
    "phone=digit": gettext_lazy("phone numbers one digit apart"),
    "address=same": gettext_lazy("same address"),
    "address=several": gettext_lazy("same address"),
    "address=shared": gettext_lazy("same address"),
    "address=close": gettext_lazy("nearly the same address"),
    "address=postcode": gettext_lazy("same postcode"),
    "address=city": gettext_lazy("same town"),
    "company=same": gettext_lazy("same company"),
    "birthday=same": gettext_lazy("same birthday"),
    "birthday=near": gettext_lazy("birthdays nearly the same"),
    "birthday=placeholder": gettext_lazy("same year of birth"),
    "mail_name=theirs": gettext_lazy("the e-mail name of one is the other’s name"),
    "name=same": gettext_lazy("same name"),
    "name=part": gettext_lazy("one name is part of the other"),
    "name=typo": gettext_lazy("names a letter or two apart"),
    "name=alike": gettext_lazy("similar names"),
    "domain=same": gettext_lazy("same web domain"),
    "domain=shared": gettext_lazy("same web domain"),
    "domain=stem": gettext_lazy("same web name in another country"),
    "domain=named": gettext_lazy("same web name in another country"),
    "site_name=theirs": gettext_lazy("the web domain of one is the other’s name"),
    "domain=alike": gettext_lazy("web domains one character apart"),
}
AGAINST: dict[str, str | Promise] = {
    "surname=different": gettext_lazy("different surnames"),
    "given=different": gettext_lazy("different first names"),
    "given=gender": gettext_lazy("a man's and a woman's form of a name"),
    "given=middle": gettext_lazy("different second names"),
    "generation=conflict": gettext_lazy("different generations (Jr, Sr)"),
    "generation=one": gettext_lazy("only one is called Jr or Sr"),
    "email=different": gettext_lazy("different e-mail addresses"),
    "mobile=different": gettext_lazy("different mobiles"),
    "phone=different": gettext_lazy("different phone numbers"),
    "address=different": gettext_lazy("different addresses"),
    "company=different": gettext_lazy("different companies"),
    "birthday=different": gettext_lazy("different birthdays"),
    "salutation=conflict": gettext_lazy("different salutations"),
    "name=different": gettext_lazy("different names"),
    "legal=different": gettext_lazy("different legal forms"),
    "domain=different": gettext_lazy("different web domains"),
    "country=different": gettext_lazy("different countries"),
}


def reasons(levels: Mapping[str, str], one: Any, other: Any) -> list[Reason]:
    """What speaks for, then what speaks against, the strongest kind of evidence first. `one` and `other` are
    the records with what the reader may see of them. How many others share a value is never said: it would tell
    of records that the reader may not see."""
    found: list[Reason] = []
    for name in ORDER:
        step = f"{name}={levels.get(name, '')}"
        if step in SAID:
            found.append(Reason(SAID[step](one, other), True))
        elif step in FOR:
            found.append(Reason(str(FOR[step]), True))
        elif step in AGAINST:
            found.append(Reason(str(AGAINST[step]), False))
    return [r for r in found if r.speaks_for] + [r for r in found if not r.speaks_for]


def sentence(found: list[Reason]) -> str:
    """The reasons as one line.

    >>> sentence([Reason("same mobile", True), Reason("Bob is short for Robert", True)])
    'Same mobile; Bob is short for Robert'
    """
    return capfirst("; ".join(reason.text for reason in found))


def _nickname(one: Any, other: Any) -> str:
    first, second = one.first_name, other.first_name
    for short, full in ((first, second), (second, first)):
        one_word, other_word = (name_of(name).words or ("",) for name in (short, full))
        if len(short) < len(full) and is_full_form(other_word[0], one_word[0]):
            return _("%(short)s is short for %(full)s") % {"short": short, "full": full}
    return _("%(one)s and %(other)s are forms of one name") % {"one": first, "other": second}


def _initial(one: Any, other: Any) -> str:
    short, full = sorted((one.first_name, other.first_name), key=len)
    return _("%(short)s fits %(full)s") % {"short": short, "full": full}


SAID: dict[str, Callable[[Any, Any], str]] = {
    "given=nickname": _nickname,
    "given=initial": _initial,
    "given=typo": lambda one, other: _("first name one letter off"),
    "surname=typo": lambda one, other: _("surname one letter off"),
}
ORDER = (
    "name", "email", "mail_name", "mobile", "phone", "domain", "site_name", "birthday", "address", "company",
    "given", "surname", "order", "generation", "salutation", "legal", "country",
)  # fmt: skip

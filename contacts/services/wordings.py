"""The words under which consent is asked for."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.models import Wording
from core.enums import Action
from core.services.base import require, service

MARKETING_WORDS = {
    "en": "I want to get news and offers by e-mail. I can change my mind at any time, by the link in each mail.",
    "de": "Ich möchte Neuigkeiten und Angebote per E-Mail erhalten. Ich kann das jederzeit über den Link in jeder"
    " E-Mail widerrufen.",
    "ar": "أريد تلقي الأخبار والعروض بالبريد الإلكتروني. يمكنني تغيير رأيي في أي وقت عبر الرابط في كل رسالة.",
}


@service
def add_wording(*, actor: Any, key: str, language: str, text: str, version: int | None = None) -> Wording:
    """Write a new version of the words for a key in a language; `version` joins the languages of one version.
    Versions before stay as they are. Raises ValidationError, NotAllowed."""
    require(actor, "wording", Action.ADD)
    if version is None:
        version = (
            Wording.objects.filter(key=key, language=language).aggregate(n=Max("version"))["n"] or 0
        ) + 1
    wording = Wording(key=key, language=language, text=text, version=version)
    wording.full_clean()
    wording.save()
    return wording


@service
def add_version(*, actor: Any, key: str, texts: Mapping[str, str]) -> list[Wording]:
    """Write one new version in several languages at once: language → words; empty ones are left out, and the words
    before stay in force there. Raises ValidationError, NotAllowed."""
    require(actor, "wording", Action.ADD)
    given = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not given:
        raise ValidationError(_("Write the words in one language at least."))
    number = (Wording.objects.filter(key=key).aggregate(n=Max("version"))["n"] or 0) + 1
    return [
        add_wording(actor=actor, key=key, language=language, text=text, version=number)
        for language, text in given.items()
    ]


def ensure_wordings() -> None:
    """The first version of the words for news and offers, in every language that has one."""
    for language, text in MARKETING_WORDS.items():
        Wording.objects.get_or_create(key="marketing", version=1, language=language, defaults={"text": text})


def wording_in_force(key: str, language: str = "") -> Wording | None:
    """The newest words for a key, in the language asked for or else the installation's."""
    wanted = [language or get_language() or "", settings.LANGUAGE_CODE]
    for code in dict.fromkeys(one.partition("-")[0] for one in wanted):
        found = Wording.objects.filter(key=key, language=code).order_by("-version").first()
        if found is not None:
            return found
    return None

"""In which language a mail to somebody is written."""

from django.conf import settings


def mail_language(code: str) -> str:
    """The person's language (`de`, `de-AT`) where pages exist in it, else the installation's."""
    known = {key for key, _name in settings.LANGUAGES}
    short = code.partition("-")[0].lower()
    return short if short in known else str(settings.LANGUAGE_CODE)

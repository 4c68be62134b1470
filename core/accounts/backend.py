"""Who may sign in at all."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

DEMO_DOMAIN = "@demo.example"


class SignInBackend(AuthenticationBackend):
    """allauth's. In production nobody is let in as one of the demo's people, and nobody stays: everybody knows
    their password, and a database that was tried out with them may have been put into production."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        address = str(getattr(user, "email", "") or "").lower()
        if settings.PRODUCTION and address.endswith(DEMO_DOMAIN):
            return False
        return bool(super().user_can_authenticate(user))

"""allauth's pages that we offer: no sign-up, and addresses are changed by administrators only."""

from django.urls import include, path
from django.views.generic import RedirectView

from core.views.accounts import SignInView

to_profile = RedirectView.as_view(pattern_name="core:profile")

urlpatterns = [
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("login/", SignInView.as_view(), name="account_login"),
    path("email/", to_profile, name="account_email"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

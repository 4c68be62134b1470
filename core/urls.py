"""Pages of core."""

from django.urls import path

from core.ui.urls import urlpatterns as ui_patterns
from core.views import accounts, health, home

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("setup/", accounts.first_admin, name="first_admin"),
    path("profile/", accounts.profile, name="profile"),
    path("profile/tokens/", accounts.token_create, name="token_create"),
    path("profile/tokens/<int:pk>/revoke/", accounts.token_revoke, name="token_revoke"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    *ui_patterns,
]

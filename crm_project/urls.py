"""All URLs. Every one of them is classified in `core/tests/access` (a test fails on one that isn't)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from core.api.router import router

# the admin's door is the same as everybody's: lockout and second factor included
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
urlpatterns = [
    path("", include("core.urls")),
    path("contacts/", include("contacts.urls")),
    path("p/", include("contacts.public_urls")),
    path("sales/", include("sales.urls")),
    path("service/", include("service.urls")),
    path("help/", include("service.help_urls")),
    path("s/", include("service.survey_urls")),
    path("marketing/", include("marketing.urls")),
    path("m/", include("marketing.public_urls")),
    path("analytics/", include("analytics.urls")),
    path("accounts/", include("core.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/", include((router.urls, "api"))),
]

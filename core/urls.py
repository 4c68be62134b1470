"""Pages of core."""

from django.urls import path

from core.ui.urls import urlpatterns as ui_patterns
from core.views import accounts, exports, files, health, home, imports

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("setup/", accounts.first_admin, name="first_admin"),
    path("profile/", accounts.profile, name="profile"),
    path("profile/tokens/", accounts.token_create, name="token_create"),
    path("profile/tokens/<int:pk>/revoke/", accounts.token_revoke, name="token_revoke"),
    path("imports/", imports.ImportListView.as_view(), name="import_list"),
    path("imports/new/", imports.ImportCreateView.as_view(), name="import_create"),
    path("imports/<int:pk>/", imports.ImportDetailView.as_view(), name="import_detail"),
    path("imports/<int:pk>/columns/", imports.ImportMapView.as_view(), name="import_map"),
    path("imports/<int:pk>/preview/", imports.ImportPreviewView.as_view(), name="import_preview"),
    path("imports/<int:pk>/review/", imports.ImportReviewView.as_view(), name="import_review"),
    path("imports/<int:pk>/errors/", imports.ImportErrorsView.as_view(), name="import_errors"),
    path("exports/<slug:record_type>/", exports.ExportStartView.as_view(), name="export_start"),
    path("exports/<int:pk>/file/", exports.ExportDownloadView.as_view(), name="export_download"),
    path("records/<slug:record_type>/<int:pk>/files/", files.UploadView.as_view(), name="file_upload"),
    path("files/<int:pk>/", files.FileView.as_view(), name="file"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    *ui_patterns,
]

"""Pages of core."""

from django.urls import path

from core.ui.urls import urlpatterns as ui_patterns
from core.views import accounts, comments, documents, exports, files, health, home, imports, tags

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
    path("imports/<int:pk>/read/", imports.ImportReadView.as_view(), name="import_read"),
    path("imports/<int:pk>/mapping/", imports.ImportMappingView.as_view(), name="import_mapping"),
    path("imports/<int:pk>/mend/", imports.ImportMendView.as_view(), name="import_mend"),
    path("imports/<int:pk>/pause/", imports.ImportPauseView.as_view(), name="import_pause"),
    path("imports/<int:pk>/kept/", imports.ImportKeptView.as_view(), name="import_kept"),
    path("imports/<int:pk>/errors/", imports.ImportErrorsView.as_view(), name="import_errors"),
    path("exports/<slug:record_type>/", exports.ExportStartView.as_view(), name="export_start"),
    path("exports/<int:pk>/file/", exports.ExportDownloadView.as_view(), name="export_download"),
    path("records/<slug:record_type>/<int:pk>/files/", files.UploadView.as_view(), name="file_upload"),
    path("files/<int:pk>/", files.FileView.as_view(), name="file"),
    path("files/<int:pk>/preview/", files.FilePreview.as_view(), name="file_preview"),
    path("files/<int:pk>/picture/", files.FilePicture.as_view(), name="file_picture"),
    path("files/<int:pk>/page/<int:number>/", files.FilePage.as_view(), name="file_page"),
    path("records/<slug:record_type>/<int:pk>/comments/", comments.CommentsView.as_view(), name="comments"),
    path("comments/<int:pk>/", comments.CommentEdit.as_view(), name="comment"),
    path("comments/<int:pk>/remove/", comments.CommentRemove.as_view(), name="comment_remove"),
    path("tags/", tags.TagList.as_view(), name="tag_list"),
    path("tags/new/", tags.TagCreate.as_view(), name="tag_create"),
    path("tags/<int:pk>/", tags.TagEdit.as_view(), name="tag_update"),
    path("tags/<int:pk>/remove/", tags.TagRemove.as_view(), name="tag_remove"),
    path("documents/", documents.DocumentList.as_view(), name="document_list"),
    path("documents/new/", documents.DocumentCreate.as_view(), name="document_create"),
    path("documents/<int:pk>/", documents.DocumentPage.as_view(), name="document_detail"),
    path("documents/<int:pk>/edit/", documents.DocumentEdit.as_view(), name="document_update"),
    path(
        "records/<slug:record_type>/<int:pk>/documents/",
        documents.DocumentLinkAdd.as_view(),
        name="document_link",
    ),
    path(
        "records/<slug:record_type>/<int:pk>/documents/<int:document_pk>/remove/",
        documents.DocumentLinkRemove.as_view(),
        name="document_unlink",
    ),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    *ui_patterns,
]

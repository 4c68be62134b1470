"""The product's URLs and pages over files, for the kit's tests."""

from typing import Any, ClassVar

from django.urls import include, path

from core.models import File
from core.ui.boards import BoardColumn, BoardPage, Card, Moved
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.records import FieldGroup, RecordPage

TYPES = ("text/plain", "text/html")


class FileForm(RecordForm):
    class Meta:
        model = File
        fields: ClassVar[list[str]] = ["name", "media_type", "owner"]


class FileList(ListPage):
    record_type = "file"
    default_sort = "name"
    page_size = 5


class FilePage(RecordPage):
    record_type = "file"
    edit_url_name = "files:edit"
    groups = (FieldGroup("About", ("name", "media_type", "owner")),)


class FileCreate(CreatePage):
    record_type = "file"
    form_class = FileForm
    title = "New file"

    def save(self, form: RecordForm) -> Any:
        from core.ui.tests.conftest import make_file

        return make_file(**form.values)


class FileEdit(EditPage):
    record_type = "file"
    form_class = FileForm
    title = "Edit file"

    def save(self, form: RecordForm) -> Any:
        from core.ui.tests.conftest import update_file

        return update_file(
            actor=self.request.user,
            record=self.fresh(),
            values=form.changes,
            expected_version=form.expected_version,
        )


class FileBoard(BoardPage):
    record_type = "file"

    def columns(self, query: Any) -> list[BoardColumn]:
        columns = []
        for hue, key in enumerate(TYPES, start=1):
            rows = query.filtered().filter(media_type=key).order_by("pk")
            cards = [Card(row.pk, row.version, f"/files/{row.pk}/", row.name) for row in rows]
            columns.append(BoardColumn(key, key, hue, len(cards), cards))
        return columns

    def column_of(self, record: Any) -> str:
        return str(record.media_type)

    def move(self, *, actor: Any, record: Any, to: str, before_id: int | None, version: int | None) -> Moved:
        from core.ui.tests.conftest import update_file

        update_file(actor=actor, record=record, values={"media_type": to}, expected_version=version)
        return Moved(record, f"Moved to {to}")


files = [
    path("files/", FileList.as_view(), name="list"),
    path("files/new/", FileCreate.as_view(), name="create"),
    path("files/board/", FileBoard.as_view(), name="board"),
    path("files/<int:pk>/", FilePage.as_view(), name="detail"),
    path("files/<int:pk>/edit/", FileEdit.as_view(), name="edit"),
]
urlpatterns = [path("", include((files, "files"))), path("", include("crm_project.urls"))]

"""The library of documents: shared, versioned by their files, linked to records."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.enums import Action, Sharing
from core.models import Document, DocumentLink
from core.services.base import default_team, require, require_on, save_changes, service
from core.services.files import attach_file


@service
def create_document(
    *, actor: Any, upload: Any, name: str = "", shared_teams: Any = (), **values: Any
) -> Document:
    """Put a file into the library. Raises ValidationError by field (also for what must not be kept: see
    `attach_file`), NotAllowed."""
    require(actor, "document", Action.ADD)
    if upload is None:
        raise ValidationError({"upload": _("Choose a file.")})
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    document = Document(name=name.strip() or str(upload.name)[:200], **values)
    document.full_clean()
    document.save()
    _share(document, shared_teams)
    _keep(actor, document, upload)
    return document


@service
def update_document(
    *, actor: Any, document: Document, changes: dict[str, Any], expected_version: int | None = None
) -> Document:
    """Change name, description, owner, sharing (`shared_teams`), or add a version (`upload`). Raises
    ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, document, Action.CHANGE)
    plain = {name: value for name, value in changes.items() if name not in ("upload", "shared_teams")}
    save_changes(document, plain, expected_version=expected_version)
    if "shared_teams" in changes or "sharing" in changes:
        _share(document, changes.get("shared_teams", document.shared_teams.all()))
    if changes.get("upload") is not None:
        _keep(actor, document, changes["upload"])
    return document


@service
def link_document(*, actor: Any, document: Document, record: Any) -> DocumentLink:
    """Say that a document belongs to a record. Needs to see the document and to change the record; saying
    it again changes nothing. Raises NotAllowed."""
    require_on(actor, document, Action.VIEW)
    require_on(actor, record, Action.CHANGE)
    link, _made = DocumentLink.objects.get_or_create(
        document=document, record_type=record.record_type, object_id=record.pk
    )
    return link


@service
def unlink_document(*, actor: Any, document: Document, record: Any) -> None:
    """Take the link away; the document stays in the library. Raises NotAllowed."""
    require_on(actor, document, Action.VIEW)
    require_on(actor, record, Action.CHANGE)
    links = DocumentLink.objects.filter(
        document=document, record_type=record.record_type, object_id=record.pk
    )
    links.delete()


def _share(document: Document, teams: Any) -> None:
    chosen = list(teams) if document.sharing == Sharing.TEAMS else []
    if document.sharing == Sharing.TEAMS and not chosen:
        raise ValidationError({"shared_teams": _("Choose at least one team.")})
    document.shared_teams.set(chosen)


def _keep(actor: Any, document: Document, upload: Any) -> None:
    try:
        attach_file(actor=actor, record=document, name=upload.name or document.name, content=upload)
    except ValidationError as error:
        raise ValidationError({"upload": error.messages}) from error

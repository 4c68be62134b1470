"""Every URL with who may open it: read off the view where it says so, off the table below where it can't.

A URL that neither explains is unclassified, and the matrix fails on it.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC, SIGNED_IN, CAPABILITY, TYPE, PERSONAL = "public", "signed in", "capability", "type", "personal"
API_ACTIONS = {
    "list": "view",
    "retrieve": "view",
    "create": "add",
    "partial_update": "change",
    "destroy": "delete",
}


@dataclass(frozen=True)
class Rule:
    """Who may open a URL. `personal` rows are one's own: anybody else's are 404."""

    kind: str
    name: str = ""  # of the capability, or the record type
    action: str = "view"
    capability: str = ""  # needed beside the record type's action


@dataclass(frozen=True)
class Route:
    """A URL and one of its methods."""

    name: str
    method: str
    rule: Rule
    parameters: tuple[str, ...]
    api: bool

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


IMPORTS = Rule(CAPABILITY, "run_imports")
TABLE = {
    # core
    "core:home": Rule(SIGNED_IN),
    "core:first_admin": Rule(PUBLIC),
    "core:profile": Rule(SIGNED_IN),
    "core:token_create": Rule(SIGNED_IN),
    "core:token_revoke": Rule(PERSONAL),
    "core:livez": Rule(PUBLIC),
    "core:readyz": Rule(PUBLIC),
    "core:service_worker": Rule(PUBLIC),
    "core:offline": Rule(PUBLIC),
    "core:palette": Rule(SIGNED_IN),
    "core:mentions": Rule(SIGNED_IN),
    "core:inbox": Rule(SIGNED_IN),
    "core:notification": Rule(PERSONAL),
    "core:change_view": Rule(PERSONAL),
    "core:job_list": Rule(SIGNED_IN),
    "core:job": Rule(PERSONAL),
    "core:trash": Rule(SIGNED_IN),
    "core:audit": Rule(CAPABILITY, "see_audit"),
    "core:undo": Rule(PERSONAL),
    "core:custom_field_list": Rule(CAPABILITY, "manage_custom_fields"),
    "core:custom_field_create": Rule(CAPABILITY, "manage_custom_fields"),
    "core:custom_field": Rule(PERSONAL, "manage_custom_fields"),
    "core:custom_field_archive": Rule(PERSONAL, "manage_custom_fields"),
    "core:custom_field_retype": Rule(PERSONAL, "manage_custom_fields"),
    "core:import_list": IMPORTS,
    "core:import_create": IMPORTS,
    "core:import_detail": Rule(PERSONAL, "run_imports"),
    "core:import_map": Rule(PERSONAL, "run_imports"),
    "core:import_preview": Rule(PERSONAL, "run_imports"),
    "core:import_review": Rule(PERSONAL, "run_imports"),
    "core:import_errors": Rule(PERSONAL, "run_imports"),
    "core:import_read": Rule(PERSONAL, "run_imports"),
    "core:import_mapping": Rule(PERSONAL, "run_imports"),
    "core:import_mappings": IMPORTS,
    "core:import_mapping_change": Rule(PERSONAL, "run_imports"),
    "core:import_mend": Rule(PERSONAL, "run_imports"),
    "core:import_pause": Rule(PERSONAL, "run_imports"),
    "core:import_kept": Rule(PERSONAL, "run_imports"),
    "core:file": Rule(PERSONAL),  # as visible as its record: core/tests/test_files.py
    "core:file_preview": Rule(PERSONAL),  # as its file
    "core:file_signed": Rule(PUBLIC),  # the signed link is the permission: core/tests/api/test_files.py
    "core:file_picture": Rule(PERSONAL),
    "core:file_page": Rule(PERSONAL),
    "core:comment": Rule(PERSONAL),
    "core:comment_remove": Rule(PERSONAL),
    "core:export_start": Rule(TYPE, "", "export"),
    "core:export_download": Rule(PERSONAL),
    "core:options": Rule(TYPE, "", "view"),
    "core:save_view": Rule(TYPE, "", "view"),
    "contacts:timeline": Rule(TYPE, "", "view"),
    "contacts:compose": Rule(TYPE, "", "view"),
    "contacts:contact_privacy": Rule(PERSONAL, "erase_people"),
    "contacts:processing": Rule(CAPABILITY, "erase_people"),
    "contacts:retention": Rule(CAPABILITY, "erase_people"),
    "contacts:retention_act": Rule(PERSONAL, "erase_people"),
    "contacts:let_in": Rule(CAPABILITY, "erase_people"),
    "contacts:hold_list": Rule(CAPABILITY, "erase_people"),
    "contacts:hold_lift": Rule(PERSONAL, "erase_people"),
    "contacts:privacy_settings": Rule(CAPABILITY, "erase_people"),
    "api:legal_hold-list": Rule(CAPABILITY, "erase_people"),
    "api:legal_hold-detail": Rule(PERSONAL, "erase_people"),
    "contacts:contact_point_remove": Rule(PERSONAL),
    "api:contact-merge": Rule(TYPE, "contact", "delete"),
    "api:company-merge": Rule(TYPE, "company", "delete"),
    "api:merge-undo": Rule(PERSONAL),
    "contacts:merge_detail": Rule(PERSONAL),  # as visible as its record: contacts/tests/merging
    "contacts:quality": Rule(TYPE, "quality", "view"),
    "POST contacts:quality": Rule(TYPE, "quality", "add"),
    "contacts:quality_targets": Rule(TYPE, "quality", "change"),
    "contacts:standardise": Rule(TYPE, "quality", "add"),
    "contacts:standardising": Rule(PERSONAL),
    "contacts:duplicate_decide": Rule(PERSONAL),
    # pairs are as visible as both of their records: contacts/tests/services/test_duplicates.py
    "api:contact_duplicate-detail": Rule(PERSONAL),
    "api:contact_duplicate-dismiss": Rule(PERSONAL),
    "api:contact_duplicate-merge": Rule(PERSONAL),
    "api:contact_duplicate-reopen": Rule(PERSONAL),
    "api:contact_duplicate-lookup": Rule(TYPE, "contact", "view"),
    "api:company_duplicate-detail": Rule(PERSONAL),
    "api:company_duplicate-dismiss": Rule(PERSONAL),
    "api:company_duplicate-merge": Rule(PERSONAL),
    "api:company_duplicate-reopen": Rule(PERSONAL),
    "api:company_duplicate-lookup": Rule(TYPE, "company", "view"),
    "contacts:duplicate_scan": Rule(CAPABILITY, "tune_matching"),
    "contacts:duplicate_settings": Rule(CAPABILITY, "tune_matching"),
    "contacts:suggestion": Rule(PERSONAL),  # as visible as its record: contacts/tests/enrichment
    "contacts:company_point_remove": Rule(PERSONAL),
    # pages of the person behind a record: the signed link is the permission
    "preferences:ask": Rule(PUBLIC),
    "preferences:subscribe": Rule(PUBLIC),
    "preferences:confirm": Rule(PUBLIC),
    "preferences:centre": Rule(PUBLIC),
    "preferences:data": Rule(PUBLIC),
    "preferences:download": Rule(PUBLIC),
    "preferences:erase": Rule(PUBLIC),
    # service's and marketing's public pages
    "help:form": Rule(PUBLIC),
    "help:sent": Rule(PUBLIC),
    "help:status": Rule(PUBLIC),
    "survey:answer": Rule(PUBLIC),
    "mail_links:unsubscribe": Rule(PUBLIC),
    "mail_links:preferences": Rule(PUBLIC),
    "mail_links:pixel": Rule(PUBLIC),
    "mail_links:click": Rule(PUBLIC),
    # analytics
    "analytics:dashboard": Rule(TYPE, "dashboard", "view"),
    "analytics:model_run_list": Rule(TYPE, "model_run", "view"),
    "POST analytics:model_run_list": Rule(TYPE, "model_run", "add"),
    "api:segment-preview": Rule(TYPE, "segment", "view"),
    "api:consent-list": Rule(TYPE, "contact", "view"),
    "POST api:consent-list": Rule(TYPE, "contact", "change"),
    "api:consent-detail": Rule(PERSONAL),
    "api_schema": Rule(SIGNED_IN),
    "api:job-list": Rule(SIGNED_IN),
    "api:job-detail": Rule(PERSONAL),
    "api:job-cancel": Rule(PERSONAL),
    "api:import-list": IMPORTS,
    "api:import-detail": Rule(PERSONAL, "run_imports"),
    "api:import-preview": Rule(PERSONAL, "run_imports"),
    "api:import-start": Rule(PERSONAL, "run_imports"),
    "api:import-pause": Rule(PERSONAL, "run_imports"),
    "api:import-resume": Rule(PERSONAL, "run_imports"),
    "api:import-cancel": Rule(PERSONAL, "run_imports"),
    "api:import-undo": Rule(PERSONAL, "run_imports"),
    "api:import-lines": Rule(PERSONAL, "run_imports"),
    "api:import-errors": Rule(PERSONAL, "run_imports"),
    "api:import-kept": Rule(PERSONAL, "run_imports"),
    "api:import_mapping-list": IMPORTS,
    "api:import_mapping-detail": Rule(PERSONAL, "run_imports"),
    "api:export-list": Rule(SIGNED_IN),  # the type is in the body: core/tests/exporting
    "api:export-detail": Rule(PERSONAL),
    "api:export-file": Rule(PERSONAL),
    # rows on records of any type are as visible as the record: core/tests/api
    "api:comment-list": Rule(TYPE, "comment", "view"),
    "POST api:comment-list": Rule(TYPE, "comment", "add"),
    "api:comment-detail": Rule(PERSONAL),
    "api:file-list": Rule(SIGNED_IN),
    "api:file-detail": Rule(PERSONAL),
    "api:file-content": Rule(PERSONAL),
    "api:tag-merge": Rule(TYPE, "tag", "delete"),
    "POST api:document-links": Rule(TYPE, "document", "view"),  # and to change the record
    "api:document-link": Rule(PERSONAL),
    "api:favourite-list": Rule(SIGNED_IN),
    "api:favourite-detail": Rule(PERSONAL),
    "api:favourite-followers": Rule(SIGNED_IN),
    "api:custom_field-list": Rule(CAPABILITY, "manage_custom_fields"),
    "api:custom_field-detail": Rule(PERSONAL, "manage_custom_fields"),
    "api:custom_field-archive": Rule(PERSONAL, "manage_custom_fields"),
    "api:custom_field-restore": Rule(PERSONAL, "manage_custom_fields"),
    "api:quality-list": Rule(TYPE, "quality", "view"),
    "api:quality-measure": Rule(TYPE, "quality", "add"),
    "api:quality-audit": Rule(TYPE, "quality", "change"),
    "api:quality-targets": Rule(TYPE, "quality", "change"),
    "api:standardising_run-list": Rule(TYPE, "quality", "add"),
    "api:standardising_run-rules": Rule(TYPE, "quality", "add"),
    "api:standardising_run-detail": Rule(PERSONAL),
    "api:standardising_run-changes": Rule(PERSONAL),
    "api:standardising_run-choose": Rule(PERSONAL),
    "api:standardising_run-apply": Rule(PERSONAL),
    "api:standardising_run-undo": Rule(PERSONAL),
    "api:suggestion-list": Rule(SIGNED_IN),  # as visible as the records: contacts/tests/api
    "api:suggestion-detail": Rule(PERSONAL),
    "api:suggestion-accept": Rule(PERSONAL),
    "api:suggestion-dismiss": Rule(PERSONAL),
    "api:custom_field-retype": Rule(PERSONAL, "manage_custom_fields"),
}
OUTSIDE = ("account_", "mfa_", "usersessions_", "admin:")
"""Pages of allauth and of the Django admin: their own rules, tested in core/tests/accounts."""
METHODS = ("get", "post", "put", "patch", "delete")


def routes() -> list[Route]:
    """Every URL × method of the product. Raises AssertionError naming what is not classified."""
    found, unknown = [], []
    for name, pattern in _walk(get_resolver()):
        if name.startswith(OUTSIDE):
            continue
        for method in _methods(pattern.callback):
            rule = _rule(name, pattern.callback, method)
            if rule is None:
                unknown.append(f"{method.upper()} {name or pattern.pattern}")
                continue
            parameters = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
            found.append(Route(name, method.upper(), rule, parameters, name.startswith("api")))
    assert not unknown, f"say in tests/access/inventory.py who may open: {', '.join(sorted(unknown))}"
    return found


def _walk(resolver: URLResolver, namespace: str = "") -> Any:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or ""), pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner)


def _methods(callback: Any) -> list[str]:
    if hasattr(callback, "actions"):
        return sorted(callback.actions)
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is None:
        return ["get", "post"]
    return [m for m in METHODS if m in view.http_method_names and hasattr(view, m)]


def _rule(name: str, callback: Any, method: str) -> Rule | None:
    if f"{method.upper()} {name}" in TABLE:
        return TABLE[f"{method.upper()} {name}"]
    if name in TABLE:
        return TABLE[name]
    if hasattr(callback, "actions"):
        action = API_ACTIONS.get(callback.actions[method], "view" if method in ("get", "head") else "change")
        beside = getattr(callback.cls, "capabilities", {}).get(callback.actions[method], "")
        return Rule(TYPE, callback.cls.record_type, action, beside)
    view = getattr(callback, "view_class", None)
    if view is None or not hasattr(view, "required_action"):
        return None
    return Rule(TYPE, view.record_type, str(view.required_action), view.capability)

"""Who somebody is, where, how big, what they do, and whether they have an account: contacts' own answers."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.geo.names import country_name
from contacts.models import Address, Company, Contact
from contacts.profile.subject import Subject
from core.registries import records
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from core.ui.markup import day_text, money_text


def about(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """The first five questions and the account. Fields that the role hides take no part."""
    hidden = profile_for(user).hidden_fields(subject.record.record_type)
    known = _Known(subject, user, hidden)
    pieces = {
        "who": _who(known),
        "kind": _kind(known),
        "where": _where(known),
        "size": _size(known),
        "work": _work(known),
        "need": _need(known),
        "account": _account(known),
    }
    return {key: piece for key, piece in pieces.items() if piece is not None}


class _Known:
    """The record's fields as the viewer sees them: a hidden one is as empty as an empty one."""

    def __init__(self, subject: Subject, user: Any, hidden: frozenset[str]) -> None:
        self.subject, self.user, self.hidden = subject, user, hidden
        self.record = subject.record
        self.company = self._company()

    def __getitem__(self, name: str) -> Any:
        return None if name in self.hidden else getattr(self.record, name, None)

    def label(self, name: str) -> str:
        return "" if name in self.hidden else str(getattr(self.record, f"get_{name}_display")())

    @property
    def page(self) -> Rows:
        return Rows(_("The record"), url=records.of(self.record).url_of(self.record.pk))

    def _company(self) -> Company | None:
        """The company itself, or the person's, where the viewer may see it."""
        if isinstance(self.record, Company):
            return self.record
        company = self["company"]
        if company is None or company.deleted_at is not None:
            return None
        return company if company.scope.covers(company, profile_for(self.user), "view") else None

    def of_company(self, name: str) -> Any:
        if self.company is None or name in profile_for(self.user).hidden_fields("company"):
            return None
        return getattr(self.company, name)


def _who(known: _Known) -> Piece:
    record = known.record
    if isinstance(record, Contact):
        words = [str(record), known.label("lifecycle_stage")]
        facts: dict[str, Any] = {"name": str(record), "lifecycle_stage": known["lifecycle_stage"]}
        sentence = _("%(name)s, %(stage)s.") % {"name": words[0], "stage": words[1].lower() or "—"}
        return Piece([sentence, *_owner(known)], facts, [known.page])
    sentence = _("%(name)s, %(kind)s.") % {"name": record, "kind": known.label("kind").lower() or "—"}
    facts = {"name": str(record), "kind": known["kind"]}
    if not known.subject.shows_people:
        return Piece([sentence, *_owner(known)], facts, [known.page])
    people = Contact.objects.visible_to(known.user).filter(company__in=known.subject.company_ids)
    count = people.order_by().count()
    told = ngettext("We know %(n)d person there.", "We know %(n)d people there.", count) % {"n": count}
    rows = Rows(_("People"), known.subject.link("contact"), count)
    return Piece([sentence, told, *_owner(known)], {**facts, "people": count}, [known.page, rows])


def _owner(known: _Known) -> list[str]:
    owner = known["owner"]
    return [_("%(owner)s looks after them.") % {"owner": owner}] if owner else []


def _kind(known: _Known) -> Piece:
    if not known.subject.is_person:
        below = known.subject.subsidiaries
        sentence = ngettext(
            "A business, with %(n)d subsidiary.", "A business, with %(n)d subsidiaries.", below
        ) % {"n": below}
        rows = [known.page]
        if below:
            rows.append(Rows(_("With its subsidiaries"), known.subject.link("company"), below + 1))
        return Piece(
            [sentence if below else _("A business.")], {"is": "business", "subsidiaries": below}, rows
        )
    if known.company is None:
        sentence = _("A person; no company is known.")
        return Piece([sentence], {"is": "person", "company": None}, [known.page])
    sentence = _("A person, for %(company)s.") % {"company": known.company}
    page = Rows(str(known.company), url=reverse("contacts:company_detail", args=[known.company.pk]))
    return Piece([sentence], {"is": "person", "company": str(known.company)}, [page])


def _where(known: _Known) -> Piece | None:
    place = ", ".join(part for part in (known["city"], country_name(known["country"] or "")) if part)
    addresses = _addresses(known)
    facts = {"city": known["city"] or "", "country": known["country"] or "", "addresses": len(addresses)}
    sentences = [place + "."] if place else []
    sentences += [str(address) + "." for address in addresses[:3]]
    if known["time_zone"]:
        facts["time_zone"] = known["time_zone"]
        sentences.append(_("Their clock: %(zone)s.") % {"zone": known["time_zone"].replace("_", " ")})
    return Piece(sentences, facts, [known.page]) if place or addresses else None


def _addresses(known: _Known) -> list[Address]:
    if "addresses" in known.hidden:
        return []
    rows = Address.objects.filter(known.subject.rows()).order_by("pk")
    return list(rows[:20])


def _size(known: _Known) -> Piece | None:
    employees, revenue = known.of_company("employees"), known.of_company("annual_revenue")
    below = known.subject.subsidiaries
    if employees is None and revenue is None and not below:
        return None
    sentences = []
    if employees is not None:
        count = ngettext("%(n)d employee", "%(n)d employees", employees) % {"n": employees}
        sentences.append(
            _("%(company)s: %(count)s.") % {"company": known.company, "count": count}
            if known.subject.is_person
            else f"{count}."
        )
    currency = known.of_company("currency") or ""
    if revenue is not None:
        sentences.append(_("%(amount)s revenue a year.") % {"amount": money_text(revenue, currency)})
    facts = {
        "employees": employees,
        "annual_revenue": str(revenue) if revenue is not None else None,
        "currency": currency,
        "subsidiaries": below,
    }
    if below:
        sentences.append(
            ngettext("%(n)d company below it.", "%(n)d companies below it.", below) % {"n": below}
        )
    page = Rows(_("The company"), url=reverse("contacts:company_detail", args=[known.company.pk]))  # type: ignore[union-attr]
    return Piece(sentences, facts, [page])


def _work(known: _Known) -> Piece | None:
    title, industry = known["job_title"] or "", known.of_company("industry") or ""
    if not title and not industry:
        return None
    sentences = [f"{title}."] if title else []
    if industry:
        sentences.append(_("Industry: %(industry)s.") % {"industry": industry})
    rows = [known.page]
    if industry:
        link = _same_industry(industry)
        rows.append(Rows(_("Companies of this industry"), link))
    return Piece(sentences, {"job_title": title, "industry": industry}, rows)


def _same_industry(industry: str) -> Any:
    from core.conditions.rows_links import RowsLink

    return RowsLink.to("company", industry__is=industry)


def _need(known: _Known) -> Piece | None:
    source = known["source"]
    if not source:
        return None
    sentence = _("They found us by: %(source)s.") % {"source": source}
    return Piece([sentence], {"source": source}, [known.page])


def _account(known: _Known) -> Piece | None:
    number = known["external_id"]
    if not number:
        return None
    since = day_text(known.record.created_at)
    sentence = _("Yes: customer number %(number)s, here since %(day)s.") % {"number": number, "day": since}
    return Piece([sentence], {"number": number}, [known.page])

"""The nineteen answers in plain SQL, written without the code that they are held against."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

ORDERS = """
SELECT o.id, o.ordered_at AS at, o.base_total AS amount, NOT o.is_cancellation AS bought, o.rate_to_base AS rate
FROM sales_order o WHERE o.deleted_at IS NULL AND o.status IN ('placed', 'delivered') AND {who}
"""
DEALS = """
SELECT d.id, d.closed_at AS at, d.base_amount AS amount, true AS bought, d.rate_to_base AS rate
FROM sales_deal d WHERE d.deleted_at IS NULL AND d.status = 'won' AND {who}
"""


class Independent:
    """Facts by question about one contact, or about companies (`company_ids`)."""

    def __init__(self, *, contact: int | None = None, company_ids: list[int] | None = None) -> None:
        self.contact, self.company_ids = contact, company_ids or []
        self.of_orders = self.rows_of("o")
        people = (
            f"EXISTS (SELECT FROM sales_dealcontact x WHERE x.deal_id = d.id AND x.contact_id = {contact})"
        )
        self.of_deals = people if contact else self.rows_of("d")
        orders = ORDERS.format(who=self.of_orders)
        self.basis = "order" if self.one(f"SELECT count(*) FROM ({orders}) p WHERE bought") else "deal"
        self.purchases = orders if self.basis == "order" else DEALS.format(who=self.of_deals)
        self.bought = f"(SELECT * FROM ({self.purchases}) p WHERE bought)"

    def rows_of(self, alias: str) -> str:
        if self.contact:
            return f"{alias}.contact_id = {self.contact}"
        return f"{alias}.company_id IN ({', '.join(map(str, self.company_ids))})"

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def one(self, sql: str) -> Any:
        return self.all(sql)[0][0]

    def facts(self) -> dict[str, dict[str, Any]]:
        """What must be among the facts of each question."""
        found = {"need": self.need(), "channels": self.channels(), "reasons": self.reasons()}
        found |= {"problems": self.problems(), "cases": self.cases(), **self.record()}
        if self.one(f"SELECT count(*) FROM {self.bought} b"):
            found |= {"since": self.since(), "frequency": self.frequency(), "when": self.when()}
            found |= {"season": self.season(), "order_size": self.order_size(), "total": self.total()}
            found |= {"items": self.items(), "variety": self.variety()}
            found["account"] = {**found["account"], **self.ordered()}
        return {key: value for key, value in found.items() if value}

    def record(self) -> dict[str, dict[str, Any]]:
        if self.contact:
            row = self.all(
                "SELECT c.name, c.lifecycle_stage, f.name, c.city, c.country, f.employees, c.job_title,"
                " f.industry, c.external_id FROM contacts_contact c LEFT JOIN contacts_company f"
                f" ON f.id = c.company_id WHERE c.id = {self.contact}"
            )[0]
            name, stage, company, city, country, employees, title, industry, number = row
            return {
                "who": {"name": name, "lifecycle_stage": stage},
                "kind": {"is": "person", "company": company},
                "where": {"city": city, "country": country} if city or country else {},
                "size": {"employees": employees} if employees is not None else {},
                "work": {"job_title": title, "industry": industry or ""} if title or industry else {},
                "account": {"number": number} if number else {},
            }
        head = self.company_ids[0]
        name, kind, city, country, employees, industry, number = self.all(
            "SELECT name, kind, city, country, employees, industry, external_id FROM contacts_company"
            f" WHERE id = {head}"
        )[0]
        people = self.one(
            f"SELECT count(*) FROM contacts_contact p WHERE p.deleted_at IS NULL AND {self.rows_of('p')}"
        )
        return {
            "who": {"name": name, "kind": kind, "people": people},
            "kind": {"is": "business", "subsidiaries": len(self.company_ids) - 1},
            "where": {"city": city, "country": country} if city or country else {},
            "size": {"employees": employees, "subsidiaries": len(self.company_ids) - 1},
            "work": {"industry": industry} if industry else {},
            "account": {"number": number} if number else {},
        }

    def since(self) -> dict[str, Any]:
        return {"first": self.one(f"SELECT min(at)::date::text FROM {self.bought} b"), "basis": self.basis}

    def ordered(self) -> dict[str, Any]:
        if self.basis != "order":
            return {}
        number, first = self.all(f"SELECT count(*), min(at)::date::text FROM {self.bought} b")[0]
        return {"orders": number, "first_order": first}

    def frequency(self) -> dict[str, Any]:
        count, days, last = self.all(
            f"SELECT count(*), count(DISTINCT at::date), max(at)::date::text FROM {self.bought} b"
        )[0]
        gap = self.one(
            "SELECT avg(gap)::float FROM (SELECT day - lag(day) OVER (ORDER BY day) AS gap"
            f" FROM (SELECT DISTINCT at::date AS day FROM {self.bought} b) d) g"
        )
        return {"purchases": count, "days": days, "last": last, "usual_gap_days": gap}

    def when(self) -> dict[str, Any]:
        weekdays = self.all(
            f"SELECT extract(isodow FROM at)::int, count(*) FROM {self.bought} b GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        hours = self.all(
            f"SELECT extract(hour FROM at)::int, count(*) FROM {self.bought} b GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        untold = [hour for hour, _n in hours] == [0]
        return {
            "weekday": weekdays[0][0],
            "weekdays": {str(day): n for day, n in sorted(weekdays)},
            "hour": None if untold else hours[0][0],
        }

    def season(self) -> dict[str, Any]:
        total, months = self.all(
            "SELECT count(*), (extract(year FROM max(at)) * 12 + extract(month FROM max(at)))"
            f" - (extract(year FROM min(at)) * 12 + extract(month FROM min(at))) + 1 FROM {self.bought} b"
        )[0]
        if total < 12 or months < 12:
            return {}
        rows = self.all(
            f"""
            WITH b AS (SELECT * FROM {self.bought} x),
            every AS (SELECT m FROM generate_series((SELECT date_trunc('month', min(at)) FROM b),
                (SELECT date_trunc('month', max(at)) FROM b), interval '1 month') m),
            filled AS (SELECT m, (SELECT count(*) FROM b WHERE date_trunc('month', b.at) = m) AS n FROM every)
            SELECT extract(month FROM m)::int, round(avg(n) / (SELECT avg(n) FROM filled), 2) FROM filled GROUP BY 1
            """
        )
        return {"ratios": {str(month): float(ratio) for month, ratio in rows}}

    def order_size(self) -> dict[str, Any]:
        row = self.all(
            "SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)::numeric, 2), round(avg(amount), 2),"
            f" max(amount) FROM {self.bought} b"
        )[0]
        return dict(zip(("median", "average", "largest"), map(str, row), strict=True))

    def total(self) -> dict[str, Any]:
        years = self.all(
            f"SELECT extract(year FROM at)::int, sum(amount) FROM ({self.purchases}) p GROUP BY 1"
        )
        return {
            "net": str(self.one(f"SELECT sum(amount) FROM ({self.purchases}) p")),
            "by_year": {str(year): str(amount) for year, amount in sorted(years)},
        }

    def lines(self) -> str:
        table, parent = (
            ("sales_orderline", "order_id") if self.basis == "order" else ("sales_dealline", "deal_id")
        )
        return (
            "SELECT coalesce(l.product_id::text, 'w' || lower(l.description)) AS item, b.id AS purchase,"
            " coalesce(r.name, l.description) AS name, l.total * b.rate AS amount"
            f" FROM {table} l JOIN {self.bought} b ON b.id = l.{parent}"
            " LEFT JOIN sales_product r ON r.id = l.product_id"
        )

    def items(self) -> dict[str, Any]:
        top = self.all(
            "SELECT max(name), count(DISTINCT purchase), round(sum(amount), 2) AS worth"
            f" FROM ({self.lines()}) l GROUP BY item ORDER BY sum(amount) DESC, 2 DESC LIMIT 5"
        )
        if not top:
            return {}
        return {
            "kinds": self.one(f"SELECT count(DISTINCT item) FROM ({self.lines()}) l"),
            "top": [{"item": name, "purchases": n, "amount": str(worth)} for name, n, worth in top],
        }

    def variety(self) -> dict[str, Any]:
        """The share of (purchase, item) pairs whose item an earlier pair has: counted pair by pair."""
        pairs = f"(SELECT DISTINCT item, purchase FROM ({self.lines()}) l)"
        if self.one(f"SELECT count(DISTINCT purchase) FROM {pairs} p") < 2:
            return {}
        repeated, count = self.all(
            "SELECT count(*) FILTER (WHERE nth > 1), count(*) FROM (SELECT row_number() OVER (PARTITION BY item"
            f" ORDER BY purchase) AS nth FROM {pairs} p) n"
        )[0]
        return {"repeat_share": round(repeated / count, 4), "pairs": count}

    def need(self) -> dict[str, Any]:
        asked = self.all(
            "SELECT coalesce(r.name, l.description), count(DISTINCT d.id) FROM sales_dealline l JOIN sales_deal d"
            " ON d.id = l.deal_id LEFT JOIN sales_product r ON r.id = l.product_id"
            f" WHERE d.deleted_at IS NULL AND coalesce(r.name, l.description) <> '' AND {self.of_deals}"
            " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3"
        )
        still_open = self.one(
            f"SELECT count(*) FROM sales_deal d WHERE d.deleted_at IS NULL AND d.status = 'open' AND {self.of_deals}"
        )
        found: dict[str, Any] = {}
        if asked or still_open:
            found |= {"open_deals": still_open, "asked_for": [{"item": i, "deals": n} for i, n in asked]}
        return found

    def channels(self) -> dict[str, Any]:
        calls = self.all(
            "SELECT count(*), count(*) FILTER (WHERE a.outcome = 'connected') FROM contacts_activity a"
            " WHERE a.deleted_at IS NULL AND a.kind = 'call' AND a.direction <> 'in' AND a.outcome <> ''"
            f" AND a.occurred_at <= now() AND {self.rows_of('a')}"
        )[0]
        person = (
            f"= {self.contact}"
            if self.contact
            else (
                "IN (SELECT p.id FROM contacts_contact p WHERE p.deleted_at IS NULL AND "
                + self.rows_of("p")
                + ")"
            )
        )
        read = f"SELECT r.id FROM marketing_recipient r WHERE r.state = 'sent' AND r.contact_id {person}"
        mailings = self.all(
            f"SELECT (SELECT count(*) FROM ({read}) s), (SELECT count(DISTINCT e.recipient_id) FROM"
            f" marketing_engagement e WHERE e.evidence = 'human' AND e.kind IN ('open', 'click')"
            f" AND e.recipient_id IN ({read}))"
        )[0]
        return {"calls": calls, "mailings": mailings, "theirs": self.theirs(), **self.stated()}

    def stated(self) -> dict[str, Any]:
        """What they, or a company's people, asked for."""
        who = f"p.id = {self.contact}" if self.contact else self.rows_of("p")
        asked = self.all(
            "SELECT p.preferred_channel, count(*) FROM contacts_contact p WHERE p.deleted_at IS NULL"
            f" AND p.preferred_channel <> '' AND {who} GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        found: dict[str, Any] = {"stated": asked[0][0] if asked else None}
        if self.contact:
            hour = self.one(f"SELECT best_hour FROM contacts_contact WHERE id = {self.contact}")
            return found | ({"stated_hour": hour} if hour is not None else {})
        return found | ({"stated_by_people": dict(asked)} if asked else {})

    def theirs(self) -> int:
        """Mails and forms that they wrote themselves."""
        return int(
            self.one(
                "SELECT (SELECT count(*) FROM contacts_activity a WHERE a.deleted_at IS NULL AND a.kind = 'email'"
                f" AND a.direction = 'in' AND a.occurred_at <= now() AND {self.rows_of('a')})"
                " + (SELECT count(*) FROM service_message m JOIN service_ticket t ON t.id = m.ticket_id"
                " WHERE m.direction = 'in' AND NOT m.is_automatic AND t.deleted_at IS NULL"
                f" AND t.channel IN ('mail', 'form') AND {self.rows_of('t')})"
            )
        )

    def reasons(self) -> dict[str, Any]:
        def tally(status: str) -> dict[str, int]:
            return dict(
                self.all(
                    f"SELECT d.{status}_reason, count(*) FROM sales_deal d WHERE d.deleted_at IS NULL"
                    f" AND d.status = '{status}' AND d.{status}_reason <> '' AND {self.of_deals} GROUP BY 1"
                )
            )

        totals = dict(
            self.all(
                "SELECT d.status, count(*) FROM sales_deal d WHERE d.deleted_at IS NULL AND d.status <> 'open'"
                f" AND {self.of_deals} GROUP BY 1"
            )
        )
        decided = {
            "won": totals.get("won", 0), "lost": totals.get("lost", 0),
            "won_reasons": tally("won"), "lost_reasons": tally("lost"),
        }  # fmt: skip
        return {**(decided if totals else {}), **self.surveys()}

    def surveys(self) -> dict[str, Any]:
        rows = (
            "FROM service_surveyanswer a JOIN service_ticket t ON t.id = a.ticket_id"
            f" WHERE t.deleted_at IS NULL AND {self.rows_of('t')}"
        )
        number, mean, satisfied = self.all(
            f"SELECT count(*), round(avg(a.score), 2), count(*) FILTER (WHERE a.score > 3) {rows}"
        )[0]
        if not number:
            return {}
        words = self.all(
            f"SELECT a.words, a.score {rows} AND a.words <> '' ORDER BY a.answered_at DESC, a.id DESC LIMIT 3"
        )
        return {
            "survey_answers": number,
            "survey_average": str(mean),
            "survey_satisfied": satisfied,
            "survey_words": [{"words": text, "score": score} for text, score in words],
        }

    def problems(self) -> dict[str, Any]:
        rows = self.all(
            r"SELECT trim(regexp_replace(regexp_replace(lower(t.subject), '^((re|fw|fwd|aw|wg)\s*:\s*)+', ''),"
            r" '\d+', '…', 'g')), count(*), max(t.opened_at) FROM service_ticket t WHERE t.deleted_at IS NULL"
            f" AND {self.rows_of('t')} GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT 3"
        )
        return {"problems": [{"problem": text, "tickets": n} for text, n, _last in rows]} if rows else {}

    def cases(self) -> dict[str, Any]:
        rows = dict(
            self.all(
                "SELECT t.status, count(*) FROM service_ticket t WHERE t.deleted_at IS NULL"
                f" AND {self.rows_of('t')} GROUP BY 1"
            )
        )
        if not rows:
            return {}
        solved = self.one(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.solved_at - t.opened_at) / 3600)"
            " FROM service_ticket t WHERE t.deleted_at IS NULL AND t.status IN ('solved', 'closed')"
            f" AND {self.rows_of('t')}"
        )
        return {
            "by_status": rows,
            "open": sum(rows.get(key, 0) for key in ("new", "open", "waiting")),
            "solved": sum(rows.get(key, 0) for key in ("solved", "closed")),
            "median_hours_to_solve": None if solved is None else round(solved, 1),
        }


def differences(answers: list[Any], expected: dict[str, dict[str, Any]]) -> list[str]:
    """What the profile says otherwise than the SQL; an answer that only one of them knows is one, too."""
    found = {answer.question.key: answer for answer in answers}
    wrong = []
    for key, answer in found.items():
        facts = dict(answer.facts)
        if key == "channels":
            facts |= _channels(facts.get("used", []))
        may_know_more = key == "channels" or (key == "need" and key not in expected)  # meetings; the source
        if answer.known != (key in expected) and not may_know_more:
            wrong.append(f"{key}: known {answer.known}, by SQL {key in expected}")
        for name, value in expected.get(key, {}).items():
            if not _same(facts.get(name), value):
                wrong.append(f"{key}.{name}: {facts.get(name)!r}, by SQL {value!r}")
    return wrong


def _channels(used: list[dict[str, Any]]) -> dict[str, Any]:
    by = {one["channel"]: one for one in used}
    call, mailing = by.get("call", {}), by.get("mailing", {})
    return {
        "calls": (call.get("tried", 0), call.get("answered", 0)),
        "mailings": (mailing.get("tried", 0), mailing.get("answered", 0)),
        "theirs": sum(by.get(key, {}).get("by_them", 0) for key in ("email", "form")),
    }


def _same(found: Any, value: Any) -> bool:
    if isinstance(value, dict) and isinstance(found, dict):
        return set(found) == set(value) and all(_same(found[key], value[key]) for key in value)
    if isinstance(value, float) and found is not None:
        return abs(float(found) - value) <= 0.0101
    if isinstance(value, str) and isinstance(found, str) and _number(value) is not None:
        return _number(found) == _number(value)
    return bool(found == value)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if not _is_date(text) else None
    except ArithmeticError:
        return None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

"""Survey answers in lists, filters, segments, timelines and the navigation."""

from django.db.models import Avg, Count, Min
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.profile.subject import family_condition
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.conditions.figures import Collection, Measure, register_collection
from core.conditions.sources import Source, register_sources
from core.registries import columns, grants, navigation, profile, records, timeline
from core.registries.columns import Column, joined
from core.registries.grants import READ, A, N
from core.registries.navigation import NavEntry
from core.registries.profile import Answerer
from core.registries.records import RecordType
from core.registries.timeline import TimelineKind
from core.ui.cells import link, person, when
from core.ui.markup import muted
from sales.registrations.links import record_url
from service.badges import score_badge
from service.models import SurveyAnswer, SurveySettings, Ticket
from service.profile.surveys import survey_answers
from service.selectors.surveys import answers_seen

grants.register(
    "survey_answer", manager=(A, N, N, N, A), sales=READ, marketing=READ, service=READ,
    analyst=(A, N, N, N, A), readonly=READ,
)  # fmt: skip
grants.register("survey_settings", manager=READ)
records.register(
    RecordType(
        "survey_answer",
        SurveyAnswer,
        _("Survey answer"),
        _("Survey answers"),
        icon="mood-smile",
        list_url="service:survey_answer_list",
        restorable=False,
    )
)
records.register(
    RecordType(
        "survey_settings",
        SurveySettings,
        _("Survey settings"),
        _("Survey settings"),
        icon="mood-smile",
        restorable=False,
    )
)
navigation.register(
    NavEntry(
        "survey_answers",
        _("Survey answers"),
        icon="mood-smile",
        url_name="service:survey_answer_list",
        order=41,
        allowed=lambda profile: profile.allows("survey_answer", "view"),
    )
)
timeline.register(
    TimelineKind(
        "survey.answered", _("Survey answered"), icon="mood-smile", template="service/timeline/_survey.html",
        group="ticket", record_type="survey_answer",
    )
)  # fmt: skip


def _words(answer: SurveyAnswer) -> SafeString:
    """What was said, leading to the ticket it was said about."""
    url = reverse("service:ticket_detail", args=[answer.ticket_id])
    if not answer.words:
        return format_html('<a class="link" href="{}">{}</a>', url, muted(_("No words")))
    return format_html(
        '<a class="link" href="{}"><span class="cut" dir="auto">{}</span></a>', url, answer.words
    )


columns.register(
    "survey_answer",
    Column("words", _("Words"), _words, export=lambda a: a.words, field="words", order=10),
    Column(
        "score", _("Score"), score_badge, export=lambda a: a.score, sort=("score",), field="score", order=20
    ),
    Column(
        "contact", _("Contact"),
        lambda a: link(record_url("contact", a.ticket.contact_id), a.ticket.contact),
        export=lambda a: str(a.ticket.contact or ""), select=joined("ticket__contact"), order=30,
    ),
    Column(
        "company", _("Company"),
        lambda a: link(record_url("company", a.ticket.company_id), a.ticket.company),
        export=lambda a: str(a.ticket.company or ""), select=joined("ticket__company"),
        field="company", order=40,
    ),
    Column(
        "ticket", _("Ticket"),
        lambda a: link(reverse("service:ticket_detail", args=[a.ticket_id]), a.ticket.subject),
        export=lambda a: a.ticket.subject, select=joined("ticket"), order=50,
    ),
    Column(
        "agent", _("Solved by"), lambda a: person(a.ticket.owner.name if a.ticket.owner else ""),
        export=lambda a: str(a.ticket.owner or ""), select=joined("ticket__owner"), order=60,
    ),
    Column(
        "queue", _("Queue"), lambda a: a.ticket.queue.name, export=lambda a: a.ticket.queue.name,
        select=joined("ticket__queue"), default=False, order=70,
    ),
    Column(
        "answered", _("Answered"), lambda a: when(a.answered_at), export=lambda a: a.answered_at.isoformat(),
        sort=("answered_at",), field="answered_at", order=80,
    ),
)  # fmt: skip
OF_ANSWERS = (
    Criterion("score", _("Score"), Kind.NUMBER, path="score", icon="mood-smile"),
    Criterion("words", _("Words"), Kind.TEXT, path="words", icon="quote"),
)
criteria.register(
    "survey_answer",
    *OF_ANSWERS,
    Criterion("answered", _("Answered"), Kind.DATE, path="answered_at", icon="calendar"),
    Criterion(
        "contact", _("Contact"), Kind.REF, path="ticket__contact_id", ref_type="contact", icon="user"
    ),
    Criterion(
        "company", _("Company"), Kind.REF, path="ticket__company_id", ref_type="company", icon="building",
        field="company",
    ),
    Criterion(
        "agent", _("Solved by"), Kind.REF, path="ticket__owner_id", ref_type="user", icon="user-circle"
    ),
    Criterion("team", _("Team"), Kind.REF, path="ticket__team_id", ref_type="team", icon="users-group"),
    Criterion("queue", _("Queue"), Kind.REF, path="ticket__queue_id", ref_type="queue", icon="stack"),
    Criterion(
        "family", _("Company with its subsidiaries"), Kind.REF, build=family_condition("ticket__company_id"),
        ref_type="company", field="company", operators=("in",), icon="hierarchy", listed=False,
    ),
)  # fmt: skip
register_sources(
    "contact",
    Source(
        SurveyAnswer._meta.db_table,
        "SELECT t.contact_id FROM service_ticket t JOIN {rows} r ON r.ticket_id = t.id",
    ),
)
register_collection(
    "contact",
    Collection(
        "surveys",
        answers_seen,
        "ticket__contact_id",
        (
            Measure("count", _("Survey answers: number"), lambda only: Count("pk", filter=only)),
            Measure(
                "average",
                _("Survey answers: average score"),
                lambda only: Avg("score", filter=only),
                zero=False,
            ),
            Measure(
                "lowest",
                _("Survey answers: lowest score"),
                lambda only: Min("score", filter=only),
                zero=False,
            ),
        ),
        moved_by=(SurveyAnswer._meta.db_table, Ticket._meta.db_table),
        at="answered_at",
        narrow=OF_ANSWERS,
        reads=("survey_answer", "ticket"),
        group=_("Counts and sums"),
        icon="mood-smile",
    ),
)
profile.register(Answerer("service.surveys", survey_answers, order=55))

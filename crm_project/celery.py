"""The Celery application: tasks only wake; what must happen is a row in PostgreSQL."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings")

app = Celery("crm_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_queues = None
app.conf.task_routes = {
    "marketing.*": {"queue": "mail"},
    "analytics.*": {"queue": "batch"},
    "contacts.apply_lifecycle_rules": {"queue": "batch"},
    "core.run_job": {"queue": "batch"},
}
app.conf.beat_schedule = {
    "ticket-mail": {"task": "service.sweep_messages", "schedule": 30.0},
    "surveys": {"task": "service.ask_in_surveys", "schedule": 60.0},
    "outbox": {"task": "core.dispatch_outbox", "schedule": 10.0},
    "history-partitions": {"task": "core.create_history_partitions", "schedule": 86400.0},
    "deal-sums": {"task": "sales.compact_tallies", "schedule": 300.0},
    "jobs": {"task": "core.resume_jobs", "schedule": 30.0},
    "nightly-scores": {"task": "analytics.score_customers", "schedule": crontab(hour=2, minute=30)},
    "segments": {"task": "contacts.keep_segments", "schedule": 2.0, "options": {"expires": 4}},
    "places": {"task": "contacts.locate", "schedule": crontab(hour=3, minute=40)},
    "lifecycle": {"task": "contacts.apply_lifecycle_rules", "schedule": 3600.0},
    "nightly-quality": {"task": "contacts.measure_quality", "schedule": crontab(hour=2, minute=10)},
    "nightly-suggestions": {"task": "contacts.suggest_companies", "schedule": crontab(hour=2, minute=20)},
    "weekly-quality-report": {
        "task": "contacts.audit_quality",
        "schedule": crontab(hour=6, minute=0, day_of_week="mon"),
    },
    "nightly-duplicates": {"task": "contacts.find_duplicates", "schedule": crontab(hour=1, minute=30)},
    "expiry": {"task": "core.forget_expired", "schedule": crontab(hour=3, minute=20)},
    "retention": {"task": "core.apply_retention", "schedule": crontab(hour=3, minute=30)},
    "campaigns": {"task": "marketing.sweep_campaigns", "schedule": 15.0},
}

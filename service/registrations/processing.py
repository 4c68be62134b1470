"""What service's personal data are used for."""

from django.utils.translation import gettext_lazy as _

from core.registries.processing import Processing, register

register(
    Processing(
        "service",
        _("Answering questions"),
        _("To answer requests and to solve problems."),
        _("Contract, or legitimate interest in answering who asks"),
        _("Whoever writes to us"),
        _("Hosting of the installation; the mail server that answers are sent by"),
        app="service",
        order=40,
    ),
    Processing(
        "surveys",
        _("Asking how satisfied people are"),
        _("To learn from those we helped what was good and what was not."),
        _("Legitimate interest in better help; whoever refuses is not asked again"),
        _("Whoever wrote to us"),
        _("Hosting of the installation; the mail server that answers are sent by"),
        models=("service.SurveyRequest", "service.SurveyAnswer"),
        order=41,
    ),
)

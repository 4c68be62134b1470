from django.views import View


class HelpFormView(View):
    pass


class HelpSentView(View):
    pass


class HelpStatusView(View):
    pass

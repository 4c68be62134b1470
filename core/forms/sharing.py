"""Forms of comments and documents."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import Document, Team
from core.ui.forms import RecordForm, StateForm, scope_choices


class CommentForm(StateForm):
    """What somebody says."""

    body = forms.CharField(
        label=_("Comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class DocumentForm(RecordForm):
    """A document of the library; a further file is a further version."""

    upload = forms.FileField(label=_("File"), required=False)
    shared_teams = forms.ModelMultipleChoiceField(
        Team.objects.order_by("path"),
        label=_("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For “chosen teams”; the teams below them see it too."),
    )

    class Meta:
        model = Document
        fields: ClassVar = ["name", "description", "sharing", "shared_teams"]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 2})}

    field_order = ("upload", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["upload"].label = _("A new version")
        else:
            self.fields["upload"].required = True
            self.fields["name"].required = False
            self.fields["name"].help_text = _("Empty: the name of the file.")


class DocumentLinkForm(forms.Form):
    """Which document of the library belongs here."""

    document = forms.ModelChoiceField(Document.objects.all(), label=_("Document"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope_choices(self, user)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

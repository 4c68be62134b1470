"""The form of a persona."""

from typing import Any, ClassVar

from django import forms

from contacts.models import Persona
from core.ui.forms import RecordForm


def _lines() -> Any:
    return forms.Textarea(attrs={"rows": 3})


class PersonaForm(RecordForm):
    class Meta:
        model = Persona
        fields: ClassVar = ["name", "segment", "description", "goals", "frustrations", "approach"]
        widgets: ClassVar = {
            "description": _lines(),
            "goals": _lines(),
            "frustrations": _lines(),
            "approach": _lines(),
        }

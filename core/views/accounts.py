"""One's own account, and the first administrator of an empty installation."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.forms.accounts import FirstAdminForm, ProfileForm, TokenForm
from core.models import ApiToken
from core.services.tokens import create_token, revoke_token
from core.services.users import create_first_admin, has_logins, update_profile

BACKEND = "core.accounts.backend.SignInBackend"


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone; tokens and the ways to sign in."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        update_profile(actor=request.user, **form.changes())
        messages.success(request, _("Saved."))
        return redirect("core:profile")
    return _profile(request, form, TokenForm(), status=422 if form.errors else 200)


@login_required
@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _profile(request, ProfileForm(instance=request.user), form, status=422)
    scopes = ["*:read"] if form.cleaned_data["access"] == "*:read" else ["*:read", "*:write"]
    user: Any = request.user
    token = create_token(actor=user, user=user, name=form.cleaned_data["name"], scopes=scopes)
    response = _profile(request, ProfileForm(instance=request.user), TokenForm(), new_token=token)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    revoke_token(actor=request.user, token=token)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("core:profile")


class SignInView(LoginView):
    """allauth's page; while nobody can sign in yet it leads to the first administrator's."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_logins():
            return redirect("core:first_admin")
        answer: HttpResponseBase = super().get(request, *args, **kwargs)
        return answer


def first_admin(request: HttpRequest) -> HttpResponse:
    """Only while nobody can sign in; afterwards it leads to the sign-in page."""
    if has_logins():
        return redirect("account_login")
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = create_first_admin(actor=None, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            login(request, user, backend=BACKEND)
            return redirect("core:home")
    return render(request, "core/first_admin.html", {"form": form}, status=422 if form.errors else 200)


def _profile(
    request: HttpRequest, form: ProfileForm, token_form: TokenForm, *, new_token: str = "", status: int = 200
) -> HttpResponse:
    tokens = ApiToken.objects.visible_to(request.user).filter(revoked_at__isnull=True).order_by("-id")
    context = {
        "title": _("Your profile"),
        "form": form,
        "token_form": token_form,
        "tokens": tokens,
        "new_token": new_token,
    }
    return render(request, "core/profile.html", context, status=status)

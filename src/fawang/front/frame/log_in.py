"""The log-in pages: citizens by a code to their phone or a password, staff by password and one-time code."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fawang.base.identity import errors, services
from fawang.front.frame import qr, session
from fawang.front.frame.doors import requires
from fawang.front.frame.refusals import safe_next
from fawang.kernel import crypto
from fawang.kernel.errors import FawangError, Invalid

PHONE_KEY = "login_phone"
CHALLENGE_KEY = "login_challenge"
ENROL_KEY = "login_enrolment"
NEW_PASSWORD_KEY = "login_new_password"  # noqa: S105 - the name of a place in the session
SEAL_CONTEXT = "frame.login_phone"


def _target(request: HttpRequest) -> str:
    return safe_next(request, request.POST.get("next") or request.GET.get("next", ""))


def _again(request: HttpRequest, template: str, error: FawangError | None = None, **context: object) -> HttpResponse:
    """The form with what was typed and the sentence of what is wrong."""
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    shown = {
        "next": _target(request),
        "has_expired": request.GET.get("expired") == "1",
        "error": error.text if error is not None and not fields else "",
        "errors": fields,
        **context,
    }
    return render(request, template, shown, status=error.status if error is not None else 200)


def send_code(request: HttpRequest, phone: str, target: str) -> HttpResponseRedirect:
    """Send a code to the phone; the next page asks for it, then goes to `target`. Raises like the service."""
    services.request_phone_code(phone, session.address_of(request))
    request.session[PHONE_KEY] = crypto.seal(phone, context=SEAL_CONTEXT)
    request.session[session.NEXT_KEY] = target
    return HttpResponseRedirect(reverse("frame:login-code"))


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def by_phone(request: HttpRequest) -> HttpResponse:
    """First small page: the phone number, to which a code is sent."""
    if request.method != "POST":
        return _again(request, "frame/login_phone.html")
    phone = request.POST.get("phone", "").strip()
    try:
        return send_code(request, phone, _target(request))
    except FawangError as error:
        return _again(request, "frame/login_phone.html", error, phone=phone)


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def by_code(request: HttpRequest) -> HttpResponse:
    """Second small page: the code from the message."""
    sealed = request.session.get(PHONE_KEY)
    if not sealed:
        return HttpResponseRedirect(reverse("frame:login"))
    if request.method != "POST":
        return _again(request, "frame/login_code.html")
    phone = crypto.unseal(sealed, context=SEAL_CONTEXT)
    try:
        account = services.login_by_phone_code(phone, request.POST.get("code", "").strip(), session.address_of(request))
    except errors.NeedsTotp as needed:
        return _second_factor(request, needed)
    except FawangError as error:
        return _again(request, "frame/login_code.html", error)
    return session.log_in(request, account, request.session.get(session.NEXT_KEY, ""))


def _second_factor(request: HttpRequest, needed: errors.NeedsTotp) -> HttpResponse:
    request.session.pop(ENROL_KEY, None)
    request.session[CHALLENGE_KEY] = needed.data["challenge"]
    return HttpResponseRedirect(reverse("frame:staff-code" if needed.data["is_enrolled"] else "frame:staff-enrol"))


def _own_password(request: HttpRequest, needed: errors.NeedsNewPassword) -> HttpResponse:
    """Every factor was right, but the password was issued: first choose one's own."""
    request.session.pop(CHALLENGE_KEY, None)
    request.session.pop(ENROL_KEY, None)
    request.session[NEW_PASSWORD_KEY] = needed.data["challenge"]
    return HttpResponseRedirect(reverse("frame:staff-password"))


def _by_password(request: HttpRequest, template: str) -> HttpResponse:
    if request.method != "POST":
        return _again(request, template)
    username = request.POST.get("username", "").strip()
    try:
        account = services.login_by_password(username, request.POST.get("password", ""), session.address_of(request))
    except errors.NeedsTotp as needed:
        request.session[session.NEXT_KEY] = _target(request)
        return _second_factor(request, needed)
    except errors.NeedsNewPassword as issued:
        request.session[session.NEXT_KEY] = _target(request)
        return _own_password(request, issued)
    except FawangError as error:
        return _again(request, template, error, username=username)
    return session.log_in(request, account, _target(request))


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def by_password(request: HttpRequest) -> HttpResponse:
    """A citizen's log-in by name and password."""
    return _by_password(request, "frame/login_password.html")


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def staff_by_password(request: HttpRequest) -> HttpResponse:
    """Staff: the first factor."""
    return _by_password(request, "frame/login_staff.html")


def _finish(request: HttpRequest, challenge: str) -> AbstractBaseUser:
    return services.finish_with_totp(challenge, request.POST.get("code", "").strip(), session.address_of(request))


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def staff_by_totp(request: HttpRequest) -> HttpResponse:
    """Staff: the second factor."""
    challenge = request.session.get(CHALLENGE_KEY)
    if not challenge:
        return HttpResponseRedirect(reverse("frame:staff-login"))
    if request.method != "POST":
        return _again(request, "frame/login_totp.html")
    try:
        account = _finish(request, challenge)
    except errors.NeedsNewPassword as issued:
        return _own_password(request, issued)
    except errors.ChallengeOver as over:
        return _again(request, "frame/login_staff.html", over)
    except FawangError as error:
        return _again(request, "frame/login_totp.html", error)
    return session.log_in(request, account, request.session.get(session.NEXT_KEY, ""))


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def staff_enrol(request: HttpRequest) -> HttpResponse:
    """Staff without an authenticator: set one up, proving it with a first code."""
    challenge = request.session.get(CHALLENGE_KEY)
    if not challenge:
        return HttpResponseRedirect(reverse("frame:staff-login"))
    error: FawangError | None = None
    try:
        if request.method == "POST":
            account = _finish(request, challenge)
            return session.log_in(request, account, request.session.get(session.NEXT_KEY, ""))
    except errors.NeedsNewPassword as issued:
        return _own_password(request, issued)
    except errors.ChallengeOver as over:
        return _again(request, "frame/login_staff.html", over)
    except FawangError as wrong:
        error = wrong
    # one secret a challenge: after a mistyped code the picture already scanned stays good
    if ENROL_KEY not in request.session:
        request.session[ENROL_KEY] = crypto.seal(services.begin_enrolment(challenge), context=SEAL_CONTEXT)
    uri = crypto.unseal(request.session[ENROL_KEY], context=SEAL_CONTEXT)
    secret = parse_qs(urlsplit(uri).query).get("secret", [""])[0]
    return _again(request, "frame/enrol_totp.html", error, picture=qr.data_uri(uri), secret=secret)


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def staff_new_password(request: HttpRequest) -> HttpResponse:
    """An issued password is good for one thing: choosing one's own."""
    challenge = request.session.get(NEW_PASSWORD_KEY)
    if not challenge:
        return HttpResponseRedirect(reverse("frame:staff-login"))
    if request.method != "POST":
        return _again(request, "frame/login_new_password.html")
    password = request.POST.get("password", "")
    try:
        if password != request.POST.get("again", ""):
            raise Invalid({"again": _("两次输入的密码不一样。请重新输入。")})
        account = services.finish_with_new_password(challenge, password, session.address_of(request))
    except errors.ChallengeOver as over:
        return _again(request, "frame/login_staff.html", over)
    except FawangError as error:
        return _again(request, "frame/login_new_password.html", error)
    return session.log_in(request, account, request.session.get(session.NEXT_KEY, ""))


@require_POST
@requires("frame.see_public")
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session; whoever sits here next does not find the chat."""
    session.log_out(request)
    response = render(request, "frame/logged_out.html", {"title": _("您已退出")})
    session.forget_chat(response)
    return response

"""The frame's own small pages: language, type size, places, as whom to act, the living style page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fawang.base.identity import services as identity
from fawang.front.frame import pinyin, questions, session, showcase
from fawang.front.frame.context import ELDER_COOKIE
from fawang.front.frame.doors import CHOOSE_ACTOR, actor_of, requires
from fawang.front.frame.language import SESSION_KEY
from fawang.front.frame.refusals import safe_next
from fawang.kernel.errors import Invalid, NotFound


def _back(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


@require_GET
@requires("frame.see_public")
def pinyin_page(request: HttpRequest) -> JsonResponse:
    """What the letters typed on a kiosk's keyboard may mean. One word at a time: no sentence is ever sent."""
    return JsonResponse({"candidates": pinyin.candidates(request.GET.get("typed", ""))})


@require_POST
@requires("frame.see_public")
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return _back(request)
    if not actor_of(request).is_anonymous:
        request.session[SESSION_KEY] = chosen
        identity.set_preferences(actor_of(request), language=chosen)
    return session.remember(_back(request), settings.LANGUAGE_COOKIE_NAME, chosen)


@require_POST
@requires("frame.see_public")
def set_elder(request: HttpRequest) -> HttpResponse:
    """Switch the large-type version (大字版) on or off."""
    is_wanted = request.POST.get("elder") == "1"
    if not actor_of(request).is_anonymous:
        identity.set_preferences(actor_of(request), elder_mode=is_wanted)
    return session.remember(_back(request), ELDER_COOKIE, "1" if is_wanted else "0")


@require_GET
@requires("frame.see_public")
def narrow_division(request: HttpRequest) -> HttpResponse:
    """The selects of a place, one level further than chosen: `?field=<question>` with the levels chosen so far."""
    name = request.GET.get("field", "")
    if not name.isidentifier():
        raise NotFound
    code = request.GET.get("within") or questions.read_division(name, request.GET) or ""
    shown = questions.division_field(name, code, language=get_language() or "")
    return render(request, "frame/questions/division.html", {"q": shown})


@require_http_methods(["GET", "POST"])
@requires(CHOOSE_ACTOR)
def choose_actor(request: HttpRequest) -> HttpResponse:
    """Choose as whom to act: for oneself, for somebody represented, or as a member of an organisation."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        if not session.act_as(request, request.POST.get("acting", "")):
            raise NotFound
        return HttpResponseRedirect(safe_next(request, target))
    refusal = getattr(request, "acting_refusal", None)
    context = {"next": safe_next(request, target), "sentence": refusal.text if refusal else ""}
    return render(request, "frame/acting.html", context)


@require_http_methods(["GET", "POST"])
@requires("frame.see_public")
def show_styles(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for whoever builds pages; only on demonstrations and while developing."""
    if not (settings.DEBUG or settings.FAWANG_IS_DEMONSTRATION):
        raise NotFound
    template = "frame/styles_staff.html" if request.GET.get("side") == "staff" else "frame/styles.html"
    return render(request, template, showcase.context(request.POST))


@require_GET
@requires("frame.see_public")
def show_refusal(request: HttpRequest) -> HttpResponse:
    """An error page on purpose, for the style page. Raises Invalid always."""
    if not (settings.DEBUG or settings.FAWANG_IS_DEMONSTRATION):
        raise NotFound
    raise Invalid

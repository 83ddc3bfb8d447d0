"""The console and the contact's page. Each view reads, asks one service, and shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fawang.base.catalogue import selectors as catalogue
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as workorders
from fawang.front.frame import questions
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.frame.refusals import wants_fragment
from fawang.front.hotline import forms, pages
from fawang.kernel.errors import FawangError, Invalid
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.middle.intake.errors import NotesConflict
from fawang.middle.intake.values import ContactView, spoken

TAKE = "intake.take_contacts"


@requires(TAKE)
@require_GET
def console(request: HttpRequest) -> HttpResponse:
    """Between two calls: the seat, what rings, what is unfinished, today's figures."""
    return render(request, "hotline/console.html", pages.console(actor_of(request)))


@requires(TAKE)
@require_GET
def ringing(request: HttpRequest) -> HttpResponse:
    """What rings now, polled every two seconds: no content while nothing changed."""
    actor = actor_of(request)
    if request.GET.get("seen") == pages.print_of(intake.ringing(actor)):
        return HttpResponse(status=204)
    return render(request, "hotline/ringing.html", pages.ringing(actor))


@requires(TAKE)
@require_POST
def answer_call(request: HttpRequest) -> HttpResponse:
    """Take a ringing call: one of two colleagues gets it."""
    try:
        view = services.open_contact(actor_of(request), call=request.POST.get("call", ""))
    except FawangError as refusal:
        messages.warning(request, refusal.text)
        return redirect("hotline:console")
    return redirect("hotline:contact", number=view.number)


@requires(TAKE)
@require_POST
def open_contact(request: HttpRequest) -> HttpResponse:
    """Note a call that came without the telephone system telling."""
    actor, phone = actor_of(request), request.POST.get("phone", "")
    try:
        view = services.open_contact(actor, phone=phone, key=request.POST.get("key") or None)
    except Invalid as wrong:
        context = {**pages.console(actor), "phone": phone, "phone_error": str(wrong.fields.get("phone", ""))}
        return render(request, "hotline/console.html", context, status=422)
    return redirect("hotline:contact", number=view.number)


@requires(TAKE)
@require_POST
def seat(request: HttpRequest) -> HttpResponse:
    """Say where one sits and whether calls may come."""
    services.take_seat(actor_of(request), state=request.POST.get("state", ""), code=request.POST.get("code"))
    return redirect("hotline:console")


@requires(TAKE)
@require_POST
def simulate(request: HttpRequest) -> HttpResponse:
    """Let the demonstration's line ring."""
    services.simulate_ring(actor_of(request))
    return redirect("hotline:console")


@requires("intake.see_contacts")
@require_GET
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """One contact: to work on for who takes contacts, to read for others."""
    actor = actor_of(request)
    view = intake.contact(actor, number)
    code = request.GET.get("service", "")
    order = pages.order_form(actor, view, catalogue.item(code, must_be_open=True)) if code else None
    return _page(request, view, order=order)


def _page(request: HttpRequest, view: ContactView, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401
    actor = actor_of(request)
    template = "hotline/contact.html" if may_enter(actor, TAKE) else "hotline/reading.html"
    return render(request, template, pages.workspace(actor, view, **more), status=status)


@requires(TAKE)
@require_POST
def notes(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is typed, a moment after it was typed; say what follows from it."""
    actor = actor_of(request)
    before = intake.contact(actor, number)
    try:
        view, wrong = keep(request, number, before)
    except NotesConflict as conflict:
        context = {"contact": before, "conflict": conflict.data, "mine": request.POST.get("contact_words", "")}
        return render(request, "hotline/saved.html", context)
    if not wants_fragment(request):
        return redirect("hotline:contact", number=number)
    context = {"contact": view, "wrong": wrong, **pages.listening(view), "urgencies": pages.table("urgency")}
    context["has_new_urgency"] = view.urgency != request.POST.get("contact_urgency", "")
    return render(request, "hotline/saved.html", context)


def keep(request: HttpRequest, number: str, before: ContactView) -> tuple[ContactView, dict[str, str]]:
    """Save the form's fields; one that is not right (yet) does not keep the others from being saved."""
    actor, given, wrong = actor_of(request), forms.notes(request.POST), {}
    version = forms.version(request.POST)
    danger = intake.look_for_danger(given.get("words", before.words))
    if danger.urgency and not given.get("urgency"):
        given["urgency"] = danger.urgency
    try:
        return services.save_notes(actor, contact=number, version=version, **given), {}
    except Invalid as refusal:
        wrong = {name: str(sentence) for name, sentence in refusal.fields.items()}
    right = {name: value for name, value in given.items() if name not in wrong}
    return services.save_notes(actor, contact=number, version=version, **right), wrong


def keep_all(request: HttpRequest, number: str) -> ContactView:
    """Save the form before a step; where another page saved other words, both are kept."""
    actor = actor_of(request)
    before = intake.contact(actor, number)
    if not forms.notes(request.POST):
        return before
    try:
        return keep(request, number, before)[0]
    except NotesConflict:
        return services.keep_both_notes(actor, contact=number, words=request.POST.get("contact_words", ""))


@requires(TAKE)
@require_POST
def both(request: HttpRequest, number: str) -> HttpResponse:
    """After a conflict: both texts, one below the other."""
    view = services.keep_both_notes(
        actor_of(request), contact=number, words=request.POST.get("contact_words", "")
    )  # fmt: skip
    if not wants_fragment(request):
        return redirect("hotline:contact", number=number)
    return render(request, "hotline/saved.html", {"contact": view, "has_new_words": True, **pages.listening(view)})


@requires(TAKE)
@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer on the spot and record it."""
    view = keep_all(request, number)
    given = forms.notes(request.POST)
    try:
        services.answer_on_the_spot(
            actor_of(request), contact=number, answer=given.get("answer", view.answer),
            wrap_up=given.get("wrap_up") or view.wrap_up or "CONSULTATION", tell=bool(request.POST.get("tell")),
            key=request.POST.get("key") or None,
        )  # fmt: skip
    except Invalid as wrong:
        return _page(request, view, errors=wrong.fields, typed=given, status=422)
    return redirect("hotline:done", number=number)


@requires(TAKE)
@require_POST
def service(request: HttpRequest, number: str) -> HttpResponse:
    """Open the questions of a service below the notes, filled in from them."""
    actor, code = actor_of(request), request.POST.get("service", "")
    view = keep_all(request, number)
    order = pages.order_form(actor, view, catalogue.item(code, must_be_open=True))
    if not wants_fragment(request):
        return redirect(f"{request.path.removesuffix('service/')}?service={order['item'].code}")
    html = render_to_string("hotline/order.html", {"order": order, "contact": view}, request)
    return HttpResponse(html + render_to_string("hotline/version.html", {"contact": view, "oob": True}, request))


@requires(TAKE)
@require_POST
def order(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Make the order; what is not right is shown again with what was typed."""
    actor, post = actor_of(request), request.POST
    published, view = catalogue.item(code, must_be_open=True), intake.contact(actor, number)
    who, errors = forms.person(post), {}
    if not questions.is_narrowing(post):
        area = organisations.institution(view.unit_id).division_code
        try:
            made = services.make_order(
                actor, contact=number, filing=forms.filing(published.item, post, area), applicant=who,
                key=post.get("key") or None,
            )  # fmt: skip
            return redirect("hotline:done", number=number) if made.number else redirect("hotline:console")
        except Invalid as wrong:
            errors = dict(wrong.fields)
    typed = forms.answers(published.item, post)
    shown = pages.order_form(
        actor, view, published, answers=typed, errors=errors, name=who.name, phone=who.phone,
        kind=str(who.kind), uscc=who.uscc,
    )  # fmt: skip
    return _page(request, view, order=shown, errors=shown["errors"], status=422 if errors else 200)


@requires(TAKE)
@require_GET
def progress(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """How an order of the caller stands, in words to read aloud."""
    actor = actor_of(request)
    intake.contact(actor, number)
    view = orders.get(actor, reference)
    units = organisations.names([view.unit_id]) if view.unit_id else {}
    context = {"order": view, "unit": units.get(view.unit_id or 0, ""), "number": number, "spoken": spoken(view.number)}
    template = "hotline/progress.html" if wants_fragment(request) else "hotline/progress_page.html"
    return render(request, template, context)


@requires(TAKE)
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Urge an order of the caller."""
    actor, post = actor_of(request), request.POST
    intake.contact(actor, number)
    try:
        workorders.perform(actor=actor, order=post.get("order", ""), action="urge", key=post.get("key") or None)
        messages.success(request, _("已催办，承办单位会在一个工作日内答复。"))
    except FawangError as refusal:
        messages.warning(request, refusal.text)
    return redirect("hotline:contact", number=number)


@requires(TAKE)
@require_POST
def plan_callback(request: HttpRequest, number: str) -> HttpResponse:
    """Promise to call back."""
    view = keep_all(request, number)
    due = forms.moment(request.POST, "callback_day", "callback_time")
    try:
        services.plan_callback(
            actor_of(request), contact=number, due_at=due, tell=bool(request.POST.get("callback_tell"))
        )
    except Invalid as wrong:
        return _page(request, view, errors=wrong.fields, status=422)
    return redirect("hotline:done", number=number)


@requires(TAKE)
@require_POST
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Pass the person on to somebody else."""
    view = keep_all(request, number)
    try:
        services.refer(actor_of(request), contact=number, to=request.POST.get("refer_to", ""))
    except Invalid as wrong:
        return _page(request, view, errors={f"refer_{name}": text for name, text in wrong.fields.items()}, status=422)
    return redirect("hotline:done", number=number)


@requires(TAKE)
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """A wrong number, silence, or a line that dropped."""
    keep_all(request, number)
    services.close_contact(actor_of(request), contact=number)
    messages.success(request, _("已结束，未作答复。"))
    return redirect("hotline:console")


@requires(TAKE)
@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, number: str) -> HttpResponse:
    """What is read aloud: the number and the code; then the wrap-up code, and the next call."""
    actor = actor_of(request)
    if request.method == "POST":
        services.wrap_up_contact(actor, contact=number, wrap_up=request.POST.get("wrap_up", ""))
        return redirect("hotline:console")
    view = intake.contact(actor, number)
    last = orders.get(actor, view.orders[-1]) if view.outcome == "ORDER_MADE" else None
    code = orders.query_code(actor, last.number) if last else intake.query_code(actor, number)
    context = {
        "contact": view, "order": last, "spoken": spoken(last.number if last else view.number), "code": spoken(code),
        "wrap_ups": pages.table("wrap_up"), "plain": last.number if last else view.number,
    }  # fmt: skip
    return render(request, "hotline/done.html", context)

"""What a refusal looks like: a page, a small alert for a fragment, or JSON – never with data of the thing refused."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from fawang.kernel.errors import FawangError, Invalid, NotFound, NotLoggedIn


def safe_next(request: HttpRequest, target: str, default: str = "/") -> str:
    """`target` when it is a path of this site, else `default`: a link in a letter may not lead people elsewhere."""
    is_path = target.startswith("/") and not target.startswith("//")
    return target if is_path and url_has_allowed_host_and_scheme(target, allowed_hosts=None) else default


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is read by a program."""
    return request.path.startswith("/api/")


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def title_of(status: int) -> str:
    """The heading of an error page."""
    return {
        400: _("这个请求无法处理"),
        401: _("请先登录"),
        403: _("您不能进入这一页"),
        404: _("没有找到"),
        409: _("情况已经变化"),
        422: _("这样还不能提交"),
        429: _("尝试次数太多"),
        503: _("暂时无法连接对方系统"),
    }.get(status, _("这一步没有成功"))


def advice_of(status: int) -> str:
    """What to do next, in one sentence."""
    return {
        400: _("请返回上一页，刷新后重新提交。"),
        401: _("登录后会回到刚才的页面。"),
        403: _("请在页面上方切换身份，或联系本单位的管理员开通权限。"),
        404: _("请核对网址或编号；事项可能属于另一个身份，可以先切换身份。"),
        409: _("请返回并刷新页面，看最新情况后再决定。您填写的内容还留在上一页。"),
        422: _("请返回上一页，按提示改正后再提交。您填写的内容还留在上一页。"),
        429: _("请稍等几分钟再试。着急请直接拨打 12348。"),
        503: _("请过几分钟再试。已经提交的内容不会丢失。"),
    }.get(status, _("请稍后再试；如果一直这样，请拨打 12348。"))


def page(request: HttpRequest, *, status: int, code: str, sentence: str) -> HttpResponse:
    """A full error page: what happened, what to do, whom to call."""
    context = {"status": status, "code": code, "title": title_of(status), "sentence": sentence}
    response = render(request, "frame/error.html", {**context, "advice": advice_of(status)}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def as_json(error: FawangError) -> JsonResponse:
    """The one error shape of the API."""
    body: dict[str, object] = {"code": error.code, "message": error.text, "retry": error.is_worth_a_retry}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = {name: str(sentence) for name, sentence in error.fields.items()}
    return JsonResponse({"error": body}, status=error.status, json_dumps_params={"ensure_ascii": False})


def answer(request: HttpRequest, error: FawangError, *, hide: bool = False) -> HttpResponseBase:
    """The answer to `error` in the shape the reader wants; with `hide` it looks like a thing that is not there."""
    shown = NotFound() if hide else error
    if wants_json(request):
        return as_json(shown)
    if wants_fragment(request):
        html = render_to_string("frame/alert.html", {"sentence": shown.text, "tone": "danger"}, request)
        return HttpResponse(html, status=shown.status)
    response = page(request, status=shown.status, code=shown.code, sentence=shown.text)
    if wait := shown.data.get("wait_seconds"):
        response.headers["Retry-After"] = str(wait)
    return response


def login_url(request: HttpRequest, side: str, target: str) -> str:
    """The log-in page of `side`, coming back to `target` afterwards."""
    url = reverse("frame:staff-login" if side == "staff" else "frame:login")
    back = safe_next(request, target, "")
    return f"{url}?{urlencode({'next': back})}" if back and back != "/" else url


def came_from(request: HttpRequest, header: str = "Referer") -> str:
    """The path of the page the request was sent from, empty when that was not this site."""
    parts = urlsplit(request.headers.get(header, ""))
    if parts.netloc and parts.netloc != request.get_host():
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def ask_to_log_in(request: HttpRequest, side: str) -> HttpResponseBase:
    """Send to the log-in page; after a POST say that nothing was saved and offer the way back."""
    if wants_json(request):
        return as_json(NotLoggedIn())
    if request.headers.get("HX-Request") == "true":
        url = login_url(request, side, came_from(request, "HX-Current-URL"))
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    has_expired = getattr(request, "has_expired", False)
    if request.method not in {"GET", "HEAD"}:
        url = login_url(request, side, came_from(request))
        context = {"login_url": url, "has_expired": has_expired, "title": title_of(401)}
        return render(request, "frame/log_in_again.html", context, status=401)
    url = login_url(request, side, request.get_full_path())
    return HttpResponseRedirect(url + ("&" if "?" in url else "?") + "expired=1" if has_expired else url)


def ask_whom_to_act_as(request: HttpRequest, refusal: FawangError) -> HttpResponseBase:
    """Send to the choice of identities when the one in use has ended; what was sent is refused with the reason."""
    if wants_json(request) or wants_fragment(request) or request.method not in {"GET", "HEAD"}:
        return answer(request, refusal)
    return HttpResponseRedirect(f"{reverse('frame:acting')}?{urlencode({'next': request.get_full_path()})}")

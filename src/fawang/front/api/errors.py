"""What can go wrong at the door itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import FawangError, NotFound, NotPermitted, TooMany


class Unreadable(FawangError):
    """The request is not what HTTP and JSON call one."""

    code = "api.unreadable"
    status = 400
    message = _("请求内容读不出来。请按接口说明发送 UTF-8 编码的 JSON。")


class TooLong(Unreadable):
    """More than the door takes."""

    code = "api.too_long"
    message = _("请求内容太长,最多 1 MB;文件请用上传文件的接口。")


class TooDeep(Unreadable):
    """Nested deeper than anything we ask for."""

    code = "api.too_deep"
    message = _("请求内容的层级太深,最多 12 层。")


class OddCharacters(Unreadable):
    """Characters that no text has."""

    code = "api.odd_characters"
    message = _("请求内容里有不能保存的字符(例如空字符)。请去掉后重发。")


class NotJson(Unreadable):
    """Another content type; this also keeps forms of other sites out."""

    code = "api.not_json"
    message = _("请用 Content-Type: application/json 发送。")


class NoSuchOperation(NotFound):
    """No such path, or not with this method."""

    code = "api.no_such_operation"
    message = _("没有这个接口。请看 /api/v1/docs 的说明。")


class WrongMethod(FawangError):
    """The path is there, the method is not."""

    code = "api.wrong_method"
    status = 405
    message = _("这个接口不支持这种请求方法。请看 /api/v1/docs 的说明。")


class ForeignPage(NotPermitted):
    """A request with a session from a page that does not know the session's token (CSRF)."""

    code = "api.foreign_page"
    message = _("请求没有带上本次登录的 X-CSRFToken。请先读取 /api/v1/sessions/me,再带上它重发。")


class TooFast(TooMany):
    """More requests than one key or address may send."""

    code = "api.too_fast"
    message = _("请求太快。请等 %(wait_seconds)s 秒再发。")


class Unavailable(FawangError):
    """The database is restarting, or busy beyond its time."""

    code = "api.unavailable"
    status = 503
    is_worth_a_retry = True
    message = _("系统正忙,请稍后用同一个请求编号重发,不会重复办理。")

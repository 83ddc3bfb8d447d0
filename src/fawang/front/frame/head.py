"""A HEAD request asks for the headers that GET would get (RFC 9110 9.3.2): link checkers and monitors do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HeadMiddleware:
    """Lets views see GET, and leaves the body out of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as GET would be answered, without the body."""
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

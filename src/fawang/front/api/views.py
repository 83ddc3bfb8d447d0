"""The few pages around the operations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from fawang.front.api import refusals
from fawang.front.api.errors import NoSuchOperation
from fawang.front.frame.doors import requires


@requires("api.see_public")
def start(request: HttpRequest) -> HttpResponse:
    """To the page that shows the operations."""
    return HttpResponseRedirect(reverse("api:openapi-view"))


@csrf_exempt
@requires("api.see_public")
def no_such_operation(request: HttpRequest, rest: str) -> HttpResponse:
    """No such path. Nothing is done, so nothing needs a token."""
    return refusals.answer(NoSuchOperation())

"""Paths of the API. What is not there, or not with this method, is told in the one shape too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from fawang.front.api import refusals, views
from fawang.front.api.errors import WrongMethod
from fawang.front.api.v1 import api

prefix = "api/"


def _in_shape(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - Django's view
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        shaped = refusals.answer(WrongMethod())
        shaped.headers["Allow"] = response.headers.get("Allow", "")
        return shaped

    return answer


_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern) and _pattern.callback.__class__.__name__ == "function":
        _pattern.callback = _in_shape(_pattern.callback)

urlpatterns = [
    path("", views.start, name="api-start"),
    path("v1/", (_patterns, _app, _namespace)),
    path("<path:rest>", views.no_such_operation, name="api-nothing"),
]

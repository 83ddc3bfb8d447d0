"""Root URLs: each door brings its own, found by its `urls` module; `prefix` there says where it hangs."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path(getattr(import_module(f"{room}.urls"), "prefix", ""), include(f"{room}.urls"))
    for room in sorted(settings.ROOMS, key=lambda room: room.endswith(".portal"))
    if find_spec(f"{room}.urls") is not None
]

"""How the background work is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fawang.front.frame.doors import requires
from fawang.kernel.outbox import selectors as outbox


@requires("workbench.see_machine")
def machine_page(request: HttpRequest) -> HttpResponse:
    """How much background work waits, for how long, and what is stuck."""
    depth = outbox.depth()
    return render(request, "workbench/machine.html", {"depth": depth, "lag_seconds": int(depth.lag.total_seconds())})

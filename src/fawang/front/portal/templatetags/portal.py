"""The portal's own filters."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format

from fawang.front.portal import continuing
from fawang.kernel import clock

register = template.Library()


@register.filter
def continue_code(draft: str) -> str:
    """The short code of a draft, for going on with it on another device."""
    return continuing.code_of(draft)


@register.filter
def last_moment(moment: datetime) -> str:
    """Until when something is in time: a limit that ends at midnight ends with the day before, named alone."""
    local = clock.local(moment)
    if (local.hour, local.minute) == (0, 0):
        return date_format(local - timedelta(minutes=1), "DATE_FORMAT")
    return date_format(local, "DATETIME_FORMAT")

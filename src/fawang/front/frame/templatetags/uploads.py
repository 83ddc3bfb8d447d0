"""What the file field tells the browser about files."""

from __future__ import annotations

from django import template
from django.conf import settings

from fawang.base.documents.values import ACCEPTED

register = template.Library()


@register.simple_tag
def upload_accepts() -> str:
    """The kinds for a file field. Without HEIC on purpose: iPhones then hand their photos over as JPEG."""
    return ",".join(ACCEPTED)


@register.simple_tag
def upload_most(unit: str = "") -> int:
    """The most a file may have, in bytes, or in whole `MB`."""
    most = int(settings.FAWANG_UPLOAD_MAX_BYTES)
    return max(most // (1024 * 1024), 1) if unit == "MB" else most


@register.simple_tag
def upload_most_photos() -> int:
    """How many photos become one PDF at most."""
    return int(settings.FAWANG_PHOTO_MAX_PAGES)

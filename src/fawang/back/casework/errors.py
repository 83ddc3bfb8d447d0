"""What can go wrong at the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import NotFound


class NoSuchPaper(NotFound):
    """That step made no paper, or not one the actor may read."""

    code = "casework.no_such_paper"
    message = _("没有这份文书。请从“我的事项”进入，看已经出具的文书。")

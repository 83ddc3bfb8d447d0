"""Rules of the line, called by name from its process."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.back.casework.values import CITATION
from fawang.base.catalogue.rules import Context, guard
from fawang.kernel.errors import Invalid


@guard("consultation.opinion_is_cited")
def opinion_is_cited(context: Context) -> None:
    """An opinion cites at least one article with its law's name (services.md §1: cited articles with version date)."""
    if not CITATION.search(str(context.data.get("articles") or "")):
        raise Invalid({"articles": _("请写明引用的法律和条文，例如“《劳动合同法》第八十二条”。")})


@guard("consultation.has_an_opinion")
def has_an_opinion(context: Context) -> None:
    """A consultation is completed only after the opinion was written."""
    if context.order.inner not in {"ANSWERED", "FOLLOWED_UP"}:
        raise Invalid({"text": _("请先写法律意见，再提交办结。")})

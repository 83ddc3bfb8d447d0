"""Rules of the line, called by name from its process."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.back.casework.values import cites_an_article
from fawang.base.catalogue.rules import Context, guard
from fawang.kernel.errors import Invalid, RefusedByRule


@guard("enterprise.no_conflict")
def no_conflict(context: Context) -> None:
    """Whoever acts for the other side, or is the target's own, does not take the firm's matter (律师法 art. 39)."""
    if context.data.get("no_conflict") is False:
        raise RefusedByRule(_("有利益冲突的不能承办。请用“申请转办”，原因选“利益冲突需回避”。"))


@guard("enterprise.keeps_the_secret")
def keeps_the_secret(context: Context) -> None:
    """A check is confidential: nobody begins it without having promised so (企业法治体检 §1; 律师法 art. 38)."""
    if context.data.get("keeps_secret") is False:
        raise Invalid({"keeps_secret": _("先承诺为企业保密，才能受理。")})


@guard("enterprise.only_complaints_are_passed_on")
def only_complaints_are_passed_on(context: Context) -> None:
    """What a firm tells in a check or a consultation is the firm's: it goes to no authority (企业法治体检 §1)."""
    if context.order.demand_type != "COMPLAINT":
        raise RefusedByRule(_("体检、咨询和合同审查的内容属于企业，不能转给任何机关。企业要投诉的，请它另行提交投诉。"))


@guard("enterprise.advice_names_its_law")
def advice_names_its_law(context: Context) -> None:
    """An opinion on a firm's risks cites its rules with the articles (企业法治体检 §8: fact, rule, advice)."""
    if not cites_an_article(str(context.data.get("articles") or "")):
        raise Invalid({"articles": _("请写明依据的法律和条文，例如“《公司法》第四十七条”。")})

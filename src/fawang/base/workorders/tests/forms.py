"""A service of an installation's own whose form changes from one version to the next."""

from fawang.base.catalogue import services as catalogue
from fawang.base.workorders import services
from fawang.base.workorders.tests.factories import SYSTEM
from fawang.base.workorders.values import Filing

CODE = "PROBE_CHANGING"
HEAD = """code: {code}
line: mediation
version: {version}
drafts: {drafts}
zh: 会变的服务
en: A service that changes
summary: {{zh: 示例。, en: Example.}}
demand_type: MEDIATE
applicant_kinds: [PERSON]
channels: ["*"]
process: mediation
guide:
{guide}
title_from: [story]
area_from: area
questions:
"""
PARTS = ("conditions", "materials", "steps", "limits", "fees", "basis", "result", "remedies")
FIRST = """
  - {id: story, zh: 事情经过, en: What happened, type: text}
  - {id: size, zh: 多大, en: How big, type: text}
  - {id: phone, zh: 对方电话, en: Their telephone, type: phone}
  - {id: colour, zh: 什么颜色, en: Which colour, type: text}
  - {id: area, zh: 在哪里, en: Where, type: division}
"""
# the colour is not asked any more, the size is a number, and there is something new
SECOND = """
  - {id: story, zh: 事情经过, en: What happened, type: text}
  - {id: size, zh: 多少平方米, en: How many square metres, type: number, minimum: 1}
  - {id: phone, zh: 对方电话, en: Their telephone, type: phone}
  - {id: since, zh: 从哪天起, en: Since when, type: date}
  - {id: area, zh: 在哪里, en: Where, type: division}
"""
ANSWERS = {"story": "漏水", "size": "很大", "phone": "13900001234", "colour": "红", "area": "510107"}


def publish(folder, version, questions, drafts="stay"):
    """Publish a version of the service."""
    guide = "\n".join(f"  {part}: {{zh: 示例。, en: Example.}}" for part in PARTS)
    folder.mkdir(exist_ok=True)
    text = HEAD.format(code=CODE, version=version, drafts=drafts, guide=guide) + questions
    (folder / "probe.yaml").write_text(text, encoding="utf-8")
    return catalogue.publish_all(SYSTEM, extra=folder)


def begin(actor, answers=ANSWERS):
    """A half-filled form of somebody; its token."""
    filing = Filing(CODE, answers, "", "01", actor.party_id, applicant_level=actor.level)
    return services.start_draft(actor=actor, filing=filing).draft

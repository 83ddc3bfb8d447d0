"""The agreement as a paper: a written one to sign and seal (人民调解协议书), an oral one registered (登记表)."""

from __future__ import annotations

from fawang.back.casework.services import offer_paper
from fawang.back.casework.values import Paper, Words

FORCE = (
    Words(
        "人民调解协议具有法律约束力，当事人应当按照约定履行（《人民调解法》第三十一条）。",
        "The agreement is binding; the parties perform it as agreed (People's Mediation Law, art. 31).",
    ),
    Words(
        "就履行或者内容发生争议的，一方可以向人民法院起诉（第三十二条）。",
        "Whoever disputes its performance or content may sue (art. 32).",
    ),
    Words(
        "双方认为必要的，可以自协议生效之日起三十日内共同向人民法院申请司法确认（第三十三条）；"
        "确认身份关系、确认物权和知识产权归属的除外。",
        "Within thirty days from its effect both sides may jointly ask the court to confirm it (art. 33), except on "
        "personal status or title of property and intellectual property.",
    ),
    Words("人民调解不收任何费用（第四条）。", "People's mediation is free of any charge (art. 4)."),
)
AGREEMENT = Paper(
    line="mediation",
    action="reach_agreement",
    title=Words("人民调解协议书", "Mediation agreement"),
    notes=(
        Words(
            "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效（第二十九条）。",
            "It takes effect when all parties have signed, sealed or finger-printed it, the mediator has signed and "
            "the committee has sealed it (art. 29).",
        ),
        *FORCE,
    ),
    signs=(
        Words("甲方（签名、盖章或者按指印）", "First party (signature, seal or fingerprint)"),
        Words("乙方（签名、盖章或者按指印）", "Second party (signature, seal or fingerprint)"),
        Words("其他当事人（签名、盖章或者按指印）", "Further parties (signature, seal or fingerprint)"),
        Words("人民调解员（签名）", "Mediator (signature)"),
        Words("人民调解委员会（印章）", "Mediation committee (seal)"),
    ),
)
ORAL = Paper(
    line="mediation",
    action="reach_agreement",
    title=Words("人民调解口头协议登记表", "Register of an oral mediation agreement"),
    when={"form": "oral"},
    notes=(
        Words(
            "口头协议自各方达成协议之日起生效（第三十条）。",
            "An oral agreement takes effect when it is reached (art. 30).",
        ),
        *FORCE,
    ),
    signs=(Words("人民调解员（签名）", "Mediator (signature)"),),
)

CONTRACT = Words(
    "双方认为必要的，可以自协议生效之日起三十日内共同向人民法院申请司法确认（《民事诉讼法》第二百零五条）；"
    "确认身份关系、确认物权和知识产权归属的除外。",
    "Within thirty days from its effect both sides may jointly ask the court to confirm it (Civil Procedure Law, "
    "art. 205), except on personal status or title of property and intellectual property.",
)
PARTIES = AGREEMENT.signs[:3]
ADMIN = Paper(
    line="mediation",
    action="reach_agreement",
    title=Words("行政调解协议书", "Agreement in administrative mediation"),
    when={"kind": "admin"},
    notes=(
        Words(
            "本协议是双方自愿达成的，具有合同效力；不履行的，可以向人民法院起诉。",
            "The parties agreed of their own will; it binds like a contract, and whoever is not served may sue.",
        ),
        CONTRACT,
        Words("行政调解不收费。", "Administrative mediation is free."),
    ),
    signs=(*PARTIES, Words("调解人员（签名）", "Mediator (signature)"), Words("行政机关（印章）", "Authority (seal)")),
)
COMMERCIAL = Paper(
    line="mediation",
    action="reach_agreement",
    title=Words("商事调解协议", "Commercial mediation agreement"),
    when={"kind": "commercial"},
    notes=(
        Words(
            "本协议对双方具有约束力，应当按照约定履行（《商事调解条例》）。",
            "The agreement binds both sides, who perform it as agreed (Regulation on Commercial Mediation).",
        ),
        CONTRACT,
    ),
    signs=(
        *PARTIES,
        Words("商事调解员（签名）", "Commercial mediator (signature)"),
        Words("商事调解组织（印章）", "Commercial mediation organisation (seal)"),
    ),
)

offer_paper(AGREEMENT)
offer_paper(ORAL)
offer_paper(ADMIN)
offer_paper(COMMERCIAL)

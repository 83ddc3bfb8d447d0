"""The papers of legal aid to read, print and seal: decisions, the appointment, a drafted paper (SF/T 0024-2017)."""

from __future__ import annotations

from fawang.back.casework.services import offer_paper
from fawang.back.casework.values import Paper, Words

FREE = Words(
    "法律援助不收取受援人任何费用；承办人员索要、收受财物的，请拨打 12348 投诉（《法律援助法》第二十条）。",
    "Legal aid costs the person nothing. Whoever asks for money or gifts: call 12348 (Legal Aid Law, art. 20).",
)
OBJECT = Words(
    "对不予或者终止法律援助的决定有异议的，可以向设立法律援助机构的司法行政部门提出，五日内审查；"
    "不服审查决定的，可以申请行政复议或者提起行政诉讼（第四十九条）。",
    "Against a refusal or termination you may object to the justice department, which reviews it within five days; "
    "then reconsideration or a suit is possible (art. 49).",
)
SEAL = Words("法律援助机构（印章）", "Legal aid centre (seal)")

GRANT = Paper(
    line="legal_aid",
    action="grant",
    title=Words("给予法律援助决定书", "Decision to grant legal aid"),
    notes=(
        Words(
            "法律援助机构自决定之日起三日内指派法律援助人员（第四十三条）。",
            "A lawyer is appointed within three days of this decision (art. 43).",
        ),
        Words(
            "凭本决定，可以申请缓交、减交或者免交诉讼费用，减收或者免收公证费、鉴定费（第五十三条）。",
            "With this decision you may ask for postponed, reduced or waived court fees, and for reduced or waived "
            "notarial and forensic fees (art. 53).",
        ),
        Words(
            "以欺骗手段获得援助、隐瞒重要事实，或者不再符合条件的，援助会终止（第四十八条）。",
            "Aid ends when it was obtained by deception, when important facts were concealed, or when its conditions "
            "are no longer met (art. 48).",
        ),
        FREE,
    ),
    signs=(SEAL,),
)
AHEAD = Paper(
    line="legal_aid",
    action="grant_ahead",
    title=Words("先行提供法律援助决定书", "Decision to grant legal aid at once"),
    notes=(
        Words(
            "请按上面所写及时补办手续、补交材料（第四十四条）。",
            "Please supply what is named above in time (art. 44).",
        ),
        FREE,
    ),
    signs=(SEAL,),
)
DENIAL = Paper(
    line="legal_aid",
    action="deny",
    title=Words("不予法律援助决定书", "Decision to deny legal aid"),
    notes=(OBJECT,),
    signs=(SEAL,),
)
APPOINTMENT = Paper(
    line="legal_aid",
    action="appoint",
    title=Words("指派通知书", "Notice of appointment"),
    notes=(
        Words(
            "法律援助人员应当向受援人通报办理进展（第四十六条）；不依法履行职责的，受援人可以投诉并请求更换（第五十五条）。",
            "The lawyer tells the person how the matter proceeds (art. 46); on neglect of duty the person may complain "
            "and ask for another lawyer (art. 55).",
        ),
        FREE,
    ),
    signs=(SEAL,),
)
REPLY = Paper(
    line="legal_aid",
    action="appoint",
    title=Words("指派律师的回函", "Reply to the authority: the lawyer appointed"),
    when={"role": "notified"},
    notes=(
        Words(
            "法律援助机构收到通知后三日内指派律师并告知办案机关（第三十六条）。",
            "The centre appoints a lawyer and tells the authority within three days of the notice (art. 36).",
        ),
    ),
    signs=(SEAL,),
)
DRAFT = Paper(
    line="legal_aid",
    action="give_draft",
    title=Words("代拟法律文书", "Drafted paper"),
    notes=(
        Words(
            "本文书按您所说的事实代为起草，请逐句核对，签名前可以要求修改。",
            "Drafted from what you said. Check every sentence; you may ask for changes before you sign.",
        ),
        FREE,
    ),
    signs=(Words("当事人（签名或者按指印）", "The person (signature or fingerprint)"),),
)

for _paper in (GRANT, AHEAD, DENIAL, APPOINTMENT, REPLY, DRAFT):
    offer_paper(_paper)

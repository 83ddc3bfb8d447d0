"""The opinion sheet (法律咨询意见书): what the lawyer wrote, with what everybody who reads one has to know."""

from __future__ import annotations

from fawang.back.casework.services import offer_paper
from fawang.back.casework.values import Paper, Words

OPINION = Paper(
    line="consultation",
    action="give_opinion",
    title=Words("法律咨询意见书", "Legal opinion"),
    shows_story=True,
    notes=(
        Words(
            "本意见根据您所说的事实和材料作出，供您参考；事实不同，结论可能不同。它不是判决或裁定，也不代替律师代理。",
            "This opinion rests on the facts and papers you gave and is for your information; other facts may lead "
            "elsewhere. It is no judgment and does not replace a lawyer who acts for you.",
        ),
        Words(
            "引用的法律条文，以出具本意见当天施行的文本为准。",
            "The articles are cited as they were in force on the day of this opinion.",
        ),
        Words(
            "没有写时效提醒的，也请尽快办理：请求保护民事权利的诉讼时效一般为三年（《民法典》第一百八十八条），"
            "劳动争议申请仲裁的时效一般为一年（《劳动争议调解仲裁法》第二十七条）。",
            "Where no period is named, act soon all the same: civil claims are generally barred after three years "
            "(Civil Code, art. 188), labour arbitration after one (Labour Dispute Mediation and Arbitration Law, "
            "art. 27).",
        ),
        Words(
            "经济困难的，可以申请法律援助（《法律援助法》第二十三条）。",
            "Who cannot afford a lawyer may apply for legal aid (Legal Aid Law, art. 23).",
        ),
        Words(
            "这次咨询不收费，律师不会借咨询招揽收费案件；您说的事实，律师依法保密（《律师法》第三十八条）。",
            "This consultation is free, and no lawyer may use it to win paid cases; what you said is kept in "
            "confidence (Lawyers Law, art. 38).",
        ),
    ),
)

offer_paper(OPINION)

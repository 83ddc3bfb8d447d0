"""The opinion for the firm (企业法律意见书), with what everybody who reads one has to know."""

from __future__ import annotations

from fawang.back.casework.services import offer_paper
from fawang.back.casework.values import Paper, Words

OPINION = Paper(
    line="enterprise",
    action="give_advice",
    title=Words("企业法律意见书", "Legal opinion for the firm"),
    shows_story=True,
    notes=(
        Words(
            "本意见根据企业提供的情况和材料作出，供企业决策参考；情况不同，结论可能不同。没有提供的情况按“不明”处理，不视为问题。",
            "This opinion rests on what the firm told and handed in, and informs its decisions; other facts may lead "
            "elsewhere. What was not told counts as unknown, not as a fault.",
        ),
        Words(
            "意见只交给企业，不转给监管部门，不作为处罚依据；律师依法为企业保密（《律师法》第三十八条）。",
            "It is the firm's alone, goes to no regulator and grounds no penalty; the lawyer keeps it in confidence "
            "(Lawyers Law, art. 38).",
        ),
        Words(
            "引用的法律条文，以出具意见当天施行的文本为准。",
            "The articles are cited as they were in force on the day of this opinion.",
        ),
        Words(
            "这项服务免费，律师不会借机招揽收费业务。",
            "This service is free, and no lawyer may use it to win paid work.",
        ),
    ),
)

offer_paper(OPINION)

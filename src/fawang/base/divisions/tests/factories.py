"""A small invented country in the shape of the real data."""

import json
from pathlib import Path

from fawang.base.divisions import services
from fawang.kernel.policy import system

ACTOR = system("test")

MAIN = {
    "meta": {"source": "测试数据", "fetched_at": "2026-09-11 23:22:44"},
    "provinces": {
        "四川省": {
            "code": "510000000000",
            "cities": {
                "成都市": {
                    "code": "510100000000",
                    "counties": {"武侯区": "510107000000", "郫都区": "510117000000", "都江堰市": "510181000000"},
                },
                "阿坝藏族羌族自治州": {"code": "513200000000", "counties": {"汶川县": "513221000000"}},
            },
        },
        "重庆市": {"code": "500000000000", "cities": {"": {"code": None, "counties": {"渝中区": "500103000000"}}}},
        "湖北省": {
            "code": "420000000000",
            "cities": {
                "武汉市": {"code": "420100000000", "counties": {"江岸区": "420102000000"}},
                "": {"code": None, "counties": {"仙桃市": "429004000000"}},
            },
        },
    },
}
TOWNSHIPS = {
    "510107000000": {
        "county": "武侯区",
        "townships": {
            "浆洗街街道": "510107001000",
            "金花桥镇（已撤销）": "510107102000",
            "簇桥乡（2021年撤销）": "510107201000",
        },
    },
    "429004000000": {"county": "仙桃市", "townships": {"沙嘴街道": "429004001000"}},
}


def _event(year, kind, old, new):
    sides = [
        {"code": f"{code}000000" if code else None, "name": name, "parent_code": None} for code, name in (old, new)
    ]
    return {"year": year, "type": kind, "level": 3, "old": sides[0], "new": sides[1]}


HISTORY = {
    "meta": {},
    "events": [
        _event(2016, "撤县设区", ("510124", "郫县"), ("510117", "郫都区")),
        _event(1990, "更名", ("510123", "旧郫县"), ("510124", "郫县")),
        _event(1985, "码位改派", ("510107", "甲区"), ("510107", "乙区")),
        _event(2000, "撤销", (None, "某开发区"), (None, None)),
    ],
}


def write(folder: Path, *, main=MAIN, townships=TOWNSHIPS, history=HISTORY) -> Path:
    """Write the three files into `folder`."""
    for name, data in (("divisions", main), ("townships", townships), ("historical_changes", history)):
        (folder / f"{name}_v1.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def load(folder: Path, **arguments):
    """Write the small country and load it."""
    return services.load(ACTOR, write(folder), **arguments)

"""Lighthouse (mobile) on the pages a citizen meets: the four scores, Chinese and English. Needs Node.

Run `python -m bench.lighthouse [--runs N] [--keep FOLDER]`. A demonstration is prepared and served as the product serves
itself; Lighthouse comes pinned through npx, which fetches it the first time. Scores of a busy machine wander, so each page
is looked at several times and the median is printed. Aim: 95 in each category; 1 is returned when one is below.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.servers import Installation, databases

VERSION = "12.8.2"
CHROME = "/usr/bin/chromium"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LANGUAGES = ("zh-hans", "en")
AIM, SECONDS, TRIES = 95, 180, 3
# a citizen with a draft and a matter, made through the product's own services
_CITIZEN = """
from django.contrib.sessions.backends.db import SessionStore
from fawang.base.identity import selectors, services
from fawang.base.identity.values import PartyData
from fawang.base.workorders import services as orders
from fawang.base.workorders.values import Filing
from fawang.front.frame.session import BACKEND
from fawang.kernel.policy import system
made = services.create_citizen(system("bench"), phone="13700002002", data=PartyData(name="王示例"), level=2)
account = selectors.account(made)
from fawang.base.organisations import selectors as organisations
actor = organisations.actor_for(account, "self")
filing = lambda answers: Filing(service_code="MEDIATION_PEOPLE", answers=answers, area="", channel="01",
    applicant_id=actor.party_id, applicant_level=2)
full = {"applicant_name": "王示例", "kind": "neighbour", "story": "楼上漏水三个月没人管", "claim": "修好并赔偿",
    "amount": "3500.50", "other_name": "李示例", "area": "510107", "proceedings": "none"}
draft = orders.start_draft(actor=actor, filing=filing({"applicant_name": "王示例"})).draft
number = orders.file(actor=actor, filing=filing(full)).number
session = SessionStore()
session.update({"_auth_user_id": str(account.pk), "_auth_user_backend": BACKEND,
    "_auth_user_hash": account.get_session_auth_hash(), "acting": "self"})
from fawang.kernel import clock
session["seen_at"] = int(clock.now().timestamp())
session.save()
answer = {"session": session.session_key, "draft": draft, "number": number}
"""


def _pages(made: dict[str, str]) -> dict[str, str]:
    return {
        "home": "/",
        "service": "/services/LEGAL_AID_LABOUR/",
        "question": f"/apply/{made['draft']}/kind/",
        "tracker": f"/mine/{made['number']}/",
    }


def _look(address: str, cookie: str, report: Path) -> dict[str, Any]:
    words = [
        "npx", "--yes", f"lighthouse@{VERSION}", address, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox",
        "--extra-headers", json.dumps({"Cookie": cookie}),
    ]  # fmt: skip
    for _try in range(TRIES):
        done = subprocess.run(
            words, env={**os.environ, "CHROME_PATH": CHROME}, capture_output=True, text=True, timeout=SECONDS
        )
        if not done.returncode:
            break
    else:
        # on a busy machine the browser's trace sometimes has no beginning
        raise RuntimeError(f"Lighthouse failed {TRIES} times on {address}: {done.stderr[-800:]}")
    return dict(json.loads(report.read_text()))


def _misses(report: dict[str, Any]) -> Iterator[str]:
    """What the report marks down, with the category it counts for."""
    for name in CATEGORIES:
        for audit in report["categories"][name]["auditRefs"]:
            found = report["audits"][audit["id"]]
            if audit["weight"] and found["score"] is not None and found["score"] < 0.9:
                yield f"{name}: {audit['id']} {found.get('displayValue', '')} – {found['title']}"


def measure(installation: Installation, runs: int, folder: Path) -> int:
    """Print the medians; how many are below the aim."""
    made = installation.ask(_CITIZEN)
    server, low = installation.serve(threads=2), 0
    print(f"{'page':10} {'language':9}" + "".join(f"{name:>16}" for name in CATEGORIES), flush=True)
    for page, path in _pages(made).items():
        for language in LANGUAGES:
            cookie = f"sessionid={made['session']}; language={language}"
            if page in {"home", "service"}:
                cookie = f"language={language}"
            looked = [
                _look(f"http://127.0.0.1:{server.port}{path}", cookie, folder / f"{page}-{language}-{run}.json")
                for run in range(runs)
            ]
            scores = [median(round(100 * one["categories"][name]["score"]) for one in looked) for name in CATEGORIES]
            low += sum(score < AIM for score in scores)
            print(f"{page:10} {language:9}" + "".join(f"{score:16.0f}" for score in scores), flush=True)
            for miss in dict.fromkeys(miss for one in looked for miss in _misses(one)):
                print(f"    {miss}", flush=True)
    return low


def main() -> int:
    """Prepare, serve, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder in which the reports stay")
    parser.add_argument("--full", action="store_true", help="the same: it has one size")
    given = parser.parse_args()
    if shutil.which("npx") is None:
        print("Lighthouse needs Node (npx), which is not on this machine: nothing was measured.", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as name, databases(Path(name), "sqlite") as (maker,):
        installation = maker.installation()
        installation.make_static()
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            low = measure(installation, given.runs, folder)
        finally:
            installation.stop()
    print(f"{low} of 32 scores below {AIM}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())

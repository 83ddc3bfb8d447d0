"""A hundred open chats that poll and talk: how long a poll takes, against an empty request of somebody logged in.

Run `python -m bench.chat [--seconds N] [--only sqlite|postgresql]`. Real server processes and a worker. Each chat's
visitor polls every 2.5 seconds and writes every 20; each of the lawyers polls the open conversation and the desk every
3 seconds and replies. Requests have their moments beforehand and are late when the server is: what waited counts.
"""

from __future__ import annotations

import argparse
import heapq
import http.client
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.servers import Installation, databases

CHATS, THREADS = 100, 12
MODES = {"SQLite": (2, 1), "PostgreSQL": (2, 4)}
_TOKEN = "b" * 32
_PREPARE = f"""
from django.contrib.auth import get_user_model
from django.test import Client
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import selectors as places
from fawang.base.organisations.tests import factories as organisations
from fawang.front.frame.session import BACKEND
from fawang.kernel import ids
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import services
from fawang.middle.intake.models import Chat
def session(pk, member=None):
    client = Client()
    client.force_login(get_user_model().objects.get(pk=pk), backend=BACKEND)
    if member:
        held = client.session
        held["acting"] = f"member:{{member}}"
        held.save()
    return client.cookies["sessionid"].value
unit = places.institutions(types=["HOTLINE_CENTRE"], only_active=True).rows[0].id
chats, desks, actor = [], [], None
for number in range({CHATS}):
    if number % 3 == 0:
        actor = organisations.make_staff("DUTY_LAWYER", unit)[1]
        services.sign_in_to_chats(actor, is_on=True)
        desks.append([session(actor.account_id, actor.member_id), []])
    secret = ids.token(40)
    services.start_chat(VISITOR, secret=secret, words="老板拖欠三个月工资怎么办", domain="D03")
    token = services.take_chat(actor, chat=Chat.objects.latest("id").token)
    for turn in range(6):
        services.answer_chat(actor, chat=token, text="您有合同、聊天记录、转账记录吗？")
        services.say(VISITOR, secret=secret, text="有聊天记录，没有签合同")
    chats.append(secret)
    desks[-1][1].append(token)
answer = {{"chats": chats, "desks": desks, "citizen": session(identities.make_account().pk)}}
"""


def plan(said: dict[str, Any], seconds: float) -> list[tuple[float, int, str, str, str, dict[str, str]]]:
    """Every request with its moment, kind, address, cookies and form, in the order of the moments."""
    rows: list[tuple[float, str, str, str, dict[str, str]]] = []

    def every(step: float, offset: float, kind: str, url: str, cookie: str, form: dict[str, str] | None = None) -> None:
        at = offset
        while at < seconds:
            typed = {**form, "key": f"{kind}{at:.3f}", "csrfmiddlewaretoken": _TOKEN} if form else {}
            rows.append((at, kind, url, f"{cookie}; csrftoken={_TOKEN}", typed))
            at += step

    for number, secret in enumerate(said["chats"]):
        share = number / CHATS
        every(2.5, 2.5 * share, "visitor's poll", "/chat/new/?after=14&seen=x", f"fawang_chat={secret}")
        every(20, 20 * share, "visitor writes", "/chat/say/", f"fawang_chat={secret}", {"text": "还有考勤记录"})
    for number, (session, tokens) in enumerate(said["desks"]):
        share, cookie = number / len(said["desks"]), f"sessionid={session}"
        every(2.5, 2.5 * share, "lawyer's poll", f"/work/chats/{tokens[0]}/new/?after=14", cookie)
        every(3, 3 * share, "desk", "/work/chats/list/", cookie)
        every(20, 20 * share, "lawyer writes", f"/work/chats/{tokens[0]}/say/", cookie, {"text": "请都保存好"})
    every(0.1, 0.05, "empty, logged in", "/robots.txt", f"sessionid={said['citizen']}")
    rows.sort(key=lambda row: row[0])
    return [(at, number, kind, url, cookie, form) for number, (at, kind, url, cookie, form) in enumerate(rows)]


def run(port: int, said: dict[str, Any], seconds: float) -> dict[str, list[float]]:
    """Carry out the plan; the seconds from each request's moment to its answer, by kind."""
    rows, lock, began = plan(said, seconds), threading.Lock(), time.perf_counter()
    heapq.heapify(rows)
    took: dict[str, list[float]] = defaultdict(list)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                if not rows:
                    return
                at, _number, kind, url, cookie, form = heapq.heappop(rows)
            time.sleep(max(0.0, began + at - time.perf_counter()))
            headers = {"Cookie": cookie, "HX-Request": "true"}
            if form:
                content = urlencode(form)
                connection.request(
                    "POST", url, content, {**headers, "Content-Type": "application/x-www-form-urlencoded"}
                )
            else:
                connection.request("GET", url, headers=headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status in {200, 204}, (kind, answer.status, text[:300])
            with lock:
                took[kind].append(time.perf_counter() - began - at)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def percentile(seconds: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(installation: Installation, name: str, seconds: float) -> None:
    """The rows of one database."""
    said = installation.ask(_PREPARE)
    workers, threads = MODES[name]
    server, worker = installation.serve(workers=workers, threads=threads), installation.work()
    run(server.port, said, 3)
    took = run(server.port, said, seconds)
    base = percentile(took["empty, logged in"], 0.95)
    for kind in sorted(took):
        p95 = percentile(took[kind], 0.95)
        print(
            f"{name:12} {kind:18} {len(took[kind]):>8} {percentile(took[kind], 0.5) * 1000:>7.1f} {p95 * 1000:>7.1f} "
            f"{p95 / base:>7.2f}",
            flush=True,
        )
    worker.stop()
    server.stop()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--full", action="store_true", help="measure longer")
    asked = parser.parse_args()
    print(f"{'database':12} {'request':18} {'requests':>8} {'p50 ms':>7} {'p95 ms':>7} {'ratio':>7}", flush=True)
    names = [asked.only] if asked.only else ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as folder:
        with databases(Path(folder), *names) as makers:
            for maker in makers:
                installation = maker.installation()
                try:
                    measure(installation, maker.name, asked.seconds * (3 if asked.full else 1))
                finally:
                    installation.stop()


if __name__ == "__main__":
    main()

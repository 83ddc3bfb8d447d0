"""Small clients of the API: keep-alive connections, an idempotency key a demand, and what was acknowledged."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

AREAS = ("510107", "510104", "510105", "510106", "510108", "510112", "510703", "510704", "511502", "511503")


def body(number: int, area: str = "") -> bytes:
    """A demand for mediation by an invented person."""
    return json.dumps(
        {
            "service_code": "MEDIATION_PEOPLE",
            "channel": "12",
            "applicant": {"name": f"王示例{chr(0x4E00 + number % 2000)}", "phone": f"1391{number % 10_000_000:07d}"},
            "answers": {
                "applicant_name": "王示例", "kind": "neighbour", "story": f"楼上漏水三个月没人管，第{number}次找物业。",
                "claim": "修好并赔偿", "amount": "3500.50", "other_name": "李示例", "proceedings": "none",
                "area": area or AREAS[number % len(AREAS)],
            },
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip


@dataclass
class Answer:
    """What came back: status 0 means nothing did."""

    status: int
    text: bytes = b""

    @property
    def number(self) -> str:
        """The order's number."""
        return str(json.loads(self.text)["number"])


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int, key: str, *, timeout: float = 30) -> None:
        self.key = key
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def post(self, path: str, content: bytes, idempotency_key: str) -> Answer:
        """Send once; an answer with status 0 when the connection broke."""
        headers = {
            "Authorization": f"Bearer {self.key}", "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
        }  # fmt: skip
        try:
            self._connection.request("POST", path, content, headers)
            response = self._connection.getresponse()
            return Answer(response.status, response.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Answer(0)

    def file(self, content: bytes, idempotency_key: str = "") -> Answer:
        """File a demand."""
        return self.post("/api/v1/orders", content, idempotency_key or secrets.token_hex(12))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass
class Load:
    """What several clients sent in a stretch: seconds for each answer, and the acknowledged."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: list[Answer] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    elapsed: float = 0.0

    def percentile(self, part: float) -> float:
        """Seconds within which that part was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def press(send: Callable[[Client, int], Answer], *, port: int, key: str, clients: int, stop: threading.Event) -> Load:
    """Send with so many clients until `stop`; how it went. `send` gets a client and a number of its own."""
    load, lock, began = Load(), threading.Lock(), time.perf_counter()

    def run(at: int) -> None:
        client, count = Client(port, key), at
        while not stop.is_set():
            before = time.perf_counter()
            answer = send(client, count)
            taken = time.perf_counter() - before
            count += clients
            with lock:
                if 200 <= answer.status < 300:
                    load.seconds.append(taken)
                    load.acknowledged.append(answer)
                elif answer.status:
                    load.refused.append(answer)
            if not answer.status:
                time.sleep(0.02)
        client.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.elapsed = time.perf_counter() - began
    return load

"""The workshop's own process: one job in, one answer out, within bounded memory and time.

Both ways a line of JSON comes first, then the files it announces by their sizes. An answer is `{"result": …}` or
`{"refused": code, "details": …}`. Anything unexpected ends the process; the caller knows what that means.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

from fawang.base.documents.workshop import binding, cleaning, drawing, reading
from fawang.base.documents.workshop.refusals import Refused
from fawang.base.documents.workshop.values import Cleaned, Limits

Answer = tuple[Any, bytes]


def _cleaned(done: Cleaned) -> Answer:
    told = {"found": done.found, "media_type": done.media_type, "removed": done.removed, "pages": done.pages}
    return told, done.data


def _clean(files: Sequence[bytes], limits: Limits, _: dict[str, Any]) -> Answer:
    return _cleaned(cleaning.clean(files[0], limits))


def _bind(files: Sequence[bytes], limits: Limits, _: dict[str, Any]) -> Answer:
    return _cleaned(binding.bind(files, limits))


def _draw(files: Sequence[bytes], limits: Limits, words: dict[str, Any]) -> Answer:
    picture = drawing.draw(files[0], words["media_type"], words["page"], words["side_pixels"], limits)
    return None, drawing.as_preview(picture)


def _read(files: Sequence[bytes], limits: Limits, words: dict[str, Any]) -> Answer:
    return [asdict(line) for line in reading.read(files[0], words["media_type"], words["turn"], limits)], b""


JOBS: dict[str, Callable[[Sequence[bytes], Limits, dict[str, Any]], Answer]] = {
    "clean": _clean, "bind": _bind, "draw": _draw, "read": _read,
}  # fmt: skip


def bound(memory_bytes: int, seconds: int) -> None:
    """Take no more than that, write no file, leave no image of the memory behind."""
    most = {
        resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CPU: seconds, resource.RLIMIT_AS: memory_bytes,
    }  # fmt: skip
    for kind, value in most.items():
        # nobody may raise what the system around us has set lower
        _, ceiling = resource.getrlimit(kind)
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(kind, (value, value))


def work(job: dict[str, Any], files: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    """Do one job. What a decoder cannot hold in memory is refused like anything else that unpacks to too much."""
    try:
        result, data = JOBS[job["job"]](files, Limits(**job["limits"]), job)
    except Refused as refusal:
        return {"refused": refusal.code, "details": refusal.details}, b""
    except MemoryError:
        return {"refused": "bomb", "details": {}}, b""
    return {"result": result, "size": len(data)}, data


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Read the job, do it, write the answer."""
    job = json.loads(source.readline())
    bound(job["memory_bytes"], job["seconds"])
    files = [source.read(size) for size in job["sizes"]]
    answer, data = work(job, files)
    target.write(json.dumps(answer).encode() + b"\n" + data)
    target.flush()


if __name__ == "__main__":
    # libraries may print; the answer has a way of its own
    way_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    main(sys.stdin.buffer, way_out)
    way_out.close()
    os._exit(0)

"""Gives jobs to the workshop: a process of its own for every file, bounded in memory and time, without our secrets."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings

from fawang.base.documents import errors
from fawang.base.documents.workshop.values import Cleaned, Limits, Line

logger = logging.getLogger(__name__)
MODULE = "fawang.base.documents.workshop"
# a process that waits instead of working is not stopped by its own limit
_GRACE_SECONDS = 5
# what the reader of text maps into its address space is not what it uses
_READER_MEMORY_FACTOR = 4
_PASSED_ON = {"PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT"}


def limits() -> Limits:
    """The limits of this installation."""
    return Limits(
        kept_bytes=settings.FAWANG_UPLOAD_MAX_BYTES,
        unpacked_bytes=settings.FAWANG_UNPACKED_MAX_BYTES,
        picture_pixels=settings.FAWANG_PICTURE_MAX_PIXELS,
        picture_side_pixels=settings.FAWANG_PICTURE_MAX_SIDE_PIXELS,
        pdf_pages=settings.FAWANG_PDF_MAX_PAGES,
    )


def clean(data: bytes) -> Cleaned:
    """The file checked and cleaned. Raises an error of the room with a sentence that says what to do."""
    told, kept = _work("clean", [data])
    return _as_cleaned(told, kept)


def bind(photos: Sequence[bytes]) -> Cleaned:
    """Photographed pages as one PDF. Raises an error of the room."""
    told, kept = _work("bind", photos)
    return _as_cleaned(told, kept)


def draw(data: bytes, media_type: str, page: int, side_pixels: int) -> bytes:
    """A page of a kept file as a JPEG. Raises an error of the room."""
    return _work("draw", [data], media_type=media_type, page=page, side_pixels=side_pixels)[1]


def read(data: bytes, media_type: str, turn: int = 0) -> list[Line]:
    """The lines of text on the first page. Raises an error of the room, CannotRead without a reader."""
    told, _ = _work("read", [data], media_type=media_type, turn=turn, memory_factor=_READER_MEMORY_FACTOR)
    return [Line(**one) for one in told]


def _as_cleaned(told: Any, kept: bytes) -> Cleaned:  # noqa: ANN401 - JSON of our own
    return Cleaned(told["found"], told["media_type"], kept, tuple(told["removed"]), told["pages"])


def _environment() -> dict[str, str]:
    """Where to find the program, and no key, password or address of ours."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    kept |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"}
    # one thread each: requests run side by side already
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _work(job: str, files: Sequence[bytes], *, memory_factor: int = 1, **words: Any) -> tuple[Any, bytes]:  # noqa: ANN401
    seconds = int(settings.FAWANG_CHECK_MAX_SECONDS)
    order = {
        "job": job, "sizes": [len(file) for file in files], "limits": asdict(limits()), "seconds": seconds,
        "memory_bytes": settings.FAWANG_CHECK_MAX_MEMORY_BYTES * memory_factor, **words,
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", MODULE], input=b"".join([json.dumps(order).encode() + b"\n", *files]),
            capture_output=True, timeout=seconds + _GRACE_SECONDS, env=_environment(), check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        logger.warning("documents: a %s job took longer than %d s", job, seconds)
        raise errors.Bomb from None
    if done.returncode < 0 or not done.stdout:
        return _ended(job, done)
    first, _, data = done.stdout.partition(b"\n")
    answer = json.loads(first)
    if code := answer.get("refused"):
        raise errors.REFUSALS[code](**answer["details"])
    return answer["result"], data


def _ended(job: str, done: subprocess.CompletedProcess[bytes]) -> tuple[Any, bytes]:
    """A process that ended without an answer: stopped by a limit, or by bytes that no decoder foresaw."""
    last = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    # the class of an error, never its words: they may quote the file
    logger.warning("documents: a %s job ended with %d (%s)", job, done.returncode, last.split(":")[0][:60])
    raise errors.Bomb if done.returncode < 0 else errors.Damaged

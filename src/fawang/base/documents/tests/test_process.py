"""The workshop as the product starts it: another process, with limits, without secrets."""

import io
import os
import time

import pikepdf
import pytest
from PIL import Image

from fawang.base.documents import checking
from fawang.base.documents.errors import Bomb, Damaged, Dangerous, Heic, TooManyPages, TooManyPixels
from fawang.base.documents.tests.factories import JPEG, PDF, office, pdf, picture, relation
from fawang.base.documents.workshop import __main__ as child


def test_it_cleans_binds_and_draws():
    done = checking.clean(JPEG)
    assert (done.found, done.media_type) == ("image/jpeg", "image/jpeg")
    bound = checking.bind([picture(size=(300, 400)), picture("PNG", size=(400, 300), mode="L", colour=9)])
    with pikepdf.open(io.BytesIO(bound.data)) as document:
        boxes = [[float(side) for side in page.mediabox] for page in document.pages]
    assert boxes == [[0, 0, 595, 842], [0, 0, 842, 595]]
    drawn = Image.open(io.BytesIO(checking.draw(bound.data, "application/pdf", 2, 400)))
    assert drawn.size == (400, 283)


def test_the_same_photos_make_the_same_file():
    photos = [picture(size=(300, 400)), picture(size=(300, 400), colour="#123456")]
    assert checking.bind(photos).data == checking.bind(photos).data


def test_refusals_come_back_as_errors_with_their_sentence(settings):
    settings.FAWANG_PDF_MAX_PAGES = 2
    settings.FAWANG_PICTURE_MAX_PIXELS = 1_000_000
    with pytest.raises(TooManyPages) as pages:
        checking.clean(pdf(3))
    assert "2" in pages.value.text
    with pytest.raises(TooManyPixels) as pixels:
        checking.clean(picture("PNG", size=(2000, 2000)))
    assert "1 百万" in pixels.value.text
    with pytest.raises(Dangerous):
        checking.clean(office(relations=relation("attachedTemplate", "http://evil.example/x.dotm")))
    with pytest.raises(Heic):
        checking.clean(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40)
    with pytest.raises(Damaged):
        checking.clean(PDF[:60])


def test_what_needs_more_memory_than_may_be_is_refused(settings):
    data = picture("PNG", size=(5000, 5000))
    settings.FAWANG_CHECK_MAX_MEMORY_BYTES = 200 * 1024 * 1024
    with pytest.raises((Bomb, Damaged)):
        checking.clean(data)
    settings.FAWANG_CHECK_MAX_MEMORY_BYTES = 1024**3
    assert checking.clean(data).media_type == "image/png"


def test_what_takes_more_time_than_may_be_is_stopped(settings, monkeypatch, tmp_path):
    (tmp_path / "endless.py").write_text("import sys\nsys.stdin.buffer.readline()\nwhile True: pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(checking, "MODULE", "endless")
    monkeypatch.setattr(checking, "_GRACE_SECONDS", 0)
    settings.FAWANG_CHECK_MAX_SECONDS = 1
    started = time.monotonic()
    with pytest.raises(Bomb):
        checking.clean(JPEG)
    assert time.monotonic() > started


def test_a_decoder_that_crashes_takes_nothing_with_it(monkeypatch, tmp_path, caplog):
    (tmp_path / "crashing.py").write_text("import os\nos.abort()\n")
    (tmp_path / "failing.py").write_text("raise ValueError('the name of somebody')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(checking, "MODULE", "crashing")
    with pytest.raises(Bomb):
        checking.clean(JPEG)
    monkeypatch.setattr(checking, "MODULE", "failing")
    with pytest.raises(Damaged):
        checking.clean(JPEG)
    assert "ValueError" in caplog.text
    assert "somebody" not in caplog.text


def test_it_gets_no_secret_and_no_address(monkeypatch):
    for name in ("FAWANG_KEYS", "FAWANG_SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "secret")
    given = checking._environment()
    assert "secret" not in given.values()
    assert set(given) <= {
        *checking._PASSED_ON,
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    }


def test_it_bounds_itself_before_it_reads_a_file():
    read, write = os.pipe()
    child_id = os.fork()
    if not child_id:
        child.bound(512 * 1024 * 1024, 7)
        limits = [
            child.resource.getrlimit(kind)
            for kind in (child.resource.RLIMIT_AS, child.resource.RLIMIT_CPU, child.resource.RLIMIT_FSIZE)
        ]
        os.write(write, repr(limits).encode())
        os._exit(0)
    os.waitpid(child_id, 0)
    assert os.read(read, 500).decode() == repr([(512 * 1024 * 1024,) * 2, (7, 7), (0, 0)])

import io
from datetime import timedelta

import pikepdf
import pytest
from PIL import Image

from fawang.base.documents import checking, selectors, services
from fawang.base.documents.errors import NoPicture, NoSuchDocument
from fawang.base.documents.models import Document
from fawang.base.documents.tests.factories import office, pdf, picture, upload
from fawang.base.identity.tests.factories import citizen, make_account, staff
from fawang.kernel import clock
from fawang.kernel.events import selectors as events

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders():
    seen = set()
    services.register_reach("previews", lambda actor, order_ref: (actor.ref, order_ref) in seen)
    yield seen
    services.forget_reach("previews")


@pytest.fixture
def mother():
    return citizen(make_account())


def red_page(document):
    document.pages[1].Contents = document.make_stream(b"1 0 0 rg 0 0 200 280 re f")


def shown(actor, token, page=1):
    return Image.open(io.BytesIO(selectors.preview(actor, token, page).content))


def test_pages_of_a_pdf_and_pictures_are_drawn(mother):
    kept = services.store(mother, upload("合同.pdf", pdf(2, red_page)))
    assert kept.preview_pages == 2
    assert shown(mother, kept.token).size == (1143, 1600)
    red, green, _ = shown(mother, kept.token, 2).getpixel((500, 500))
    assert red > 240
    assert green < 20
    photo = services.store(mother, upload(data=picture(size=(2400, 1200))))
    assert shown(mother, photo.token).size == (1600, 800)


def test_it_is_shown_as_a_picture_and_nothing_else(mother):
    kept = services.store(mother, upload())
    headers = selectors.preview(mother, kept.token).headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"


def test_a_page_is_drawn_once(mother, monkeypatch):
    kept = services.store(mother, upload())
    first = selectors.preview(mother, kept.token).content
    monkeypatch.setattr(checking, "draw", lambda *_: pytest.fail("drawn twice"))
    assert selectors.preview(mother, kept.token).content == first


def test_other_kinds_and_pages_beyond_are_no_pictures(mother, settings):
    settings.FAWANG_PREVIEW_MAX_PAGES = 2
    word = services.store(mother, upload("合同.docx", office()))
    long = services.store(mother, upload("合同.pdf", pdf(3)))
    for token, page in ((word.token, 1), (long.token, 0), (long.token, 3), (long.token, 4)):
        with pytest.raises(NoPicture):
            selectors.preview(mother, token, page)
    assert word.preview_pages == 0


def test_only_readers_see_it_and_their_looking_is_written_down_once_a_reading(mother, orders):
    handler = staff("HANDLER", account_id=77)
    kept = services.store(mother, upload("合同.pdf", pdf(2)))
    with pytest.raises(NoSuchDocument):
        selectors.preview(handler, kept.token)
    orders |= {(mother.ref, "PLS1"), (handler.ref, "PLS1")}
    services.attach(mother, kept.token, "PLS1")
    selectors.preview(mother, kept.token)

    def openings():
        stream = f"document:{Document.objects.get().pk}"
        return [e.actor for e in events.stream(stream) if e.name == selectors.OPENED]

    assert openings() == []
    for page in (2, 1, 2):
        selectors.preview(handler, kept.token, page)
    assert openings() == [handler.ref]
    with clock.at(clock.now() + timedelta(minutes=11)):
        selectors.preview(handler, kept.token, 1)
    assert openings() == [handler.ref] * 2


def test_what_was_filled_into_a_form_is_seen(mother):
    def form(document):
        look = document.make_stream(b"0 0 1 rg 0 0 180 80 re f")
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 180, 80]
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Btn, Ff=65536, F=4,
                T=pikepdf.String("a"), Rect=[10, 10, 190, 90], AP=pikepdf.Dictionary(N=look), P=document.pages[0].obj,
            )
        )  # fmt: skip
        document.pages[0].Annots = [field]
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[field])

    kept = services.store(mother, upload("表.pdf", pdf(1, form)))
    red, _, blue = shown(mother, kept.token).getpixel((570, 1300))
    assert blue > 200
    assert red < 60

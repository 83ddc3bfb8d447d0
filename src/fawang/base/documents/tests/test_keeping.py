import hashlib

import pikepdf
import pytest
from django.core.files.storage import default_storage

from fawang.base.documents import selectors, services
from fawang.base.documents.errors import (
    Disguised,
    Empty,
    NoSuchDocument,
    NotAPhoto,
    TooLarge,
    TooManyFiles,
    TooManyPages,
)
from fawang.base.documents.models import Document
from fawang.base.documents.tests.factories import JPEG, PDF, PNG, pdf, picture, upload
from fawang.base.documents.values import Pages
from fawang.base.identity.tests.factories import citizen, make_account, staff
from fawang.kernel.errors import NotLoggedIn, RefusedByState
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import VISITOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders():
    """Which actor sees which order, as a room above would say."""
    seen = set()

    def reach(actor, order_ref):
        return (actor.ref, order_ref) in seen

    services.register_reach("test", reach)
    yield seen
    services.forget_reach("test")


@pytest.fixture
def mother():
    return citizen(make_account())


def test_a_file_is_kept_under_a_random_name_and_comes_back_as_it_was(mother):
    kept = services.store(mother, upload("合同.pdf", PDF))
    with selectors.open(mother, kept.token).content as content:
        assert content.read() == PDF
    row = Document.objects.get(token=kept.token)
    assert "合同" not in row.path
    assert kept.token not in row.path
    assert (kept.media_type, kept.size, kept.owner_id) == ("application/pdf", len(PDF), mother.party_id)
    assert kept.sha256 == kept.original_sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_photo_is_kept_as_its_pixels_with_both_digests(mother):
    handed_in = picture(comment=b"where I live")
    kept = services.store(mother, upload(data=handed_in))
    with selectors.open(mother, kept.token).content as content:
        data = content.read()
    assert b"where I live" not in data
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert kept.original_sha256 == hashlib.sha256(handed_in).hexdigest()


def test_what_was_taken_out_of_a_pdf_is_told(mother):
    def script(document):
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    kept = services.store(mother, upload("表.pdf", pdf(2, script)))
    assert (kept.removed, kept.pages) == (("SCRIPT",), 2)
    assert [str(word) for word in kept.removed_words] == ["脚本"]


def test_several_photos_become_one_pdf_in_order(mother, settings):
    photos = [upload(f"{n}.jpg", picture(size=(30 + n, 40))) for n in range(3)]
    kept = services.store(mother, Pages(photos))
    assert (kept.name, kept.media_type, kept.pages) == ("照片合成（3 页）.pdf", "application/pdf", 3)
    with pytest.raises(NotAPhoto) as caught:
        services.store(mother, [upload(), upload("2.pdf", PDF)])
    assert "2" in caught.value.text
    with pytest.raises(Empty):
        services.store(mother, [])
    settings.FAWANG_PHOTO_MAX_PAGES = 2
    with pytest.raises(TooManyPages):
        services.store(mother, [upload(data=picture(size=(9, n))) for n in range(1, 4)])
    settings.FAWANG_UPLOAD_MAX_BYTES = len(JPEG) + 5
    with pytest.raises(TooLarge):
        services.store(mother, [upload(), upload(data=PNG)])


def test_the_same_file_again_is_not_kept_twice_and_says_so(mother, orders):
    orders |= {(mother.ref, "draft1"), (mother.ref, "draft2")}
    first = services.store(mother, upload(), order_ref="draft1")
    again = services.store(mother, upload("另一个名字.jpg"), order_ref="draft1")
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.token == first.token
    elsewhere = services.store(mother, upload(), order_ref="draft2")
    other = services.store(citizen(make_account()), upload())
    assert len({first.token, elsewhere.token, other.token}) == 3
    assert not (elsewhere.is_repeat or other.is_repeat)


def test_it_is_served_as_something_to_save_never_to_show(mother):
    headers = services.store(mother, upload("我的 合同.jpg")).headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%88%91")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_refused_files_leave_nothing_behind(mother, settings):
    settings.FAWANG_UPLOAD_MAX_BYTES = 20
    for refused, data in ((TooLarge, JPEG), (TooLarge, b"x" * 11_000_000), (Empty, b"")):
        with pytest.raises(refused):
            services.store(mother, upload(data=data))
    settings.FAWANG_UPLOAD_MAX_BYTES = 10_000
    with pytest.raises(Disguised):
        services.store(mother, upload("合同.jpg", PDF))
    assert not Document.objects.exists()
    assert not default_storage.exists("documents") or default_storage.listdir("documents")[0] is not None


def test_nobody_else_opens_it(mother):
    kept = services.store(mother, upload())
    for other in (citizen(make_account()), staff("HANDLER", account_id=77)):
        with pytest.raises(NoSuchDocument):
            selectors.open(other, kept.token)
    with pytest.raises(NotLoggedIn):
        selectors.open(VISITOR, kept.token)
    with pytest.raises(NotLoggedIn):
        services.store(VISITOR, upload())


def test_who_sees_the_order_opens_its_files_and_that_is_written_down(mother, orders):
    handler = staff("HANDLER", account_id=77)
    orders |= {(mother.ref, "draft1"), (mother.ref, "PLS1"), (handler.ref, "PLS1")}
    kept = services.store(mother, upload(), order_ref="draft1")
    with pytest.raises(NoSuchDocument):
        selectors.open(handler, kept.token)
    services.attach(mother, kept.token, "PLS1")
    selectors.open(handler, kept.token).content.close()
    assert [d.token for d in selectors.of_order(handler, "PLS1")] == [kept.token]
    row = Document.objects.get()
    names = [event.name for event in events.stream(f"document:{row.pk}")]
    assert names == ["documents.stored.v1", "documents.attached.v1", "documents.opened.v1"]
    orders.discard((handler.ref, "PLS1"))
    with pytest.raises(NoSuchDocument):
        selectors.open(handler, kept.token)


def test_a_file_cannot_be_put_to_an_order_that_is_not_seen_nor_taken_from_another(mother, orders):
    kept = services.store(mother, upload())
    with pytest.raises(NoSuchDocument):
        services.attach(mother, kept.token, "PLS2")
    with pytest.raises(NoSuchDocument):
        services.store(mother, upload(), order_ref="PLS2")
    orders |= {(mother.ref, "PLS1"), (mother.ref, "PLS2")}
    services.attach(mother, kept.token, "PLS1")
    services.attach(mother, kept.token, "PLS1")
    with pytest.raises(RefusedByState):
        services.attach(mother, kept.token, "PLS2")
    stranger = citizen(make_account())
    orders.add((stranger.ref, "PLS2"))
    with pytest.raises(NoSuchDocument):
        services.attach(stranger, kept.token, "PLS2")


def test_an_order_takes_only_so_many_files(mother, orders, monkeypatch):
    monkeypatch.setattr(services, "MAX_PER_ORDER", 1)
    orders.add((mother.ref, "PLS1"))
    services.store(mother, upload(), order_ref="PLS1")
    with pytest.raises(TooManyFiles):
        services.store(mother, upload(data=PNG), order_ref="PLS1")
    assert services.store(mother, upload(), order_ref="PLS1").is_repeat


def test_staff_lose_a_file_with_the_order_even_one_they_handed_in(mother, orders):
    clerk = staff("RECEPTIONIST", account_id=78)
    orders.add((clerk.ref, "PLS1"))
    kept = services.store(clerk, upload(), order_ref="PLS1")
    assert kept.owner_id is None
    selectors.open(clerk, kept.token).content.close()
    orders.clear()
    with pytest.raises(NoSuchDocument):
        selectors.open(clerk, kept.token)

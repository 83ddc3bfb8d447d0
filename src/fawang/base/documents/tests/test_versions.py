import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from fawang.base.documents import selectors, services
from fawang.base.documents.errors import Disguised, NoSuchDocument, Replaced, TooManyFiles
from fawang.base.documents.models import Document
from fawang.base.documents.tests.factories import JPEG, PDF, PNG, picture, upload
from fawang.base.identity.tests.factories import citizen, make_account, staff
from fawang.kernel.events import selectors as events

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders():
    seen = set()
    services.register_reach("versions", lambda actor, order_ref: (actor.ref, order_ref) in seen)
    yield seen
    services.forget_reach("versions")


@pytest.fixture
def mother():
    return citizen(make_account())


def content(actor, token):
    with selectors.open(actor, token).content as opened:
        return opened.read()


def test_a_newer_version_takes_its_place_and_the_old_one_stays(mother, orders):
    orders.add((mother.ref, "draft1"))
    first = services.store(mother, upload("合同.pdf", PDF), order_ref="draft1")
    second = services.replace(mother, first.token, upload("合同 盖章.png", PNG))
    third = services.replace(mother, second.token, upload("合同.pdf", PDF + b"\n"))
    assert [v.version for v in selectors.versions(mother, first.token)] == [3, 2, 1]
    assert [v.is_current for v in selectors.versions(mother, third.token)] == [True, False, False]
    assert len({v.sha256 for v in selectors.versions(mother, first.token)}) == 3
    assert [d.token for d in selectors.of_order(mother, "draft1")] == [third.token]
    assert content(mother, first.token) == PDF
    assert content(mother, third.token) == PDF + b"\n"
    assert selectors.named(mother, [first.token])[first.token].is_current is False


def test_versions_go_to_the_order_together(mother, orders):
    handler = staff("HANDLER", account_id=77)
    orders |= {(mother.ref, "PLS1"), (handler.ref, "PLS1")}
    first = services.store(mother, upload())
    second = services.replace(mother, first.token, upload(data=PNG))
    services.attach(mother, second.token, "PLS1")
    assert [v.token for v in selectors.versions(handler, second.token)] == [second.token, first.token]
    assert not selectors.may_replace(handler, second)
    assert selectors.may_replace(mother, second)
    assert not selectors.may_replace(mother, selectors.get(mother, first.token))


def test_only_who_handed_it_in_replaces_it(mother, orders):
    handler, stranger = staff("HANDLER", account_id=77), citizen(make_account())
    orders |= {(mother.ref, "PLS1"), (handler.ref, "PLS1")}
    kept = services.store(mother, upload(), order_ref="PLS1")
    for other in (handler, stranger):
        with pytest.raises(NoSuchDocument):
            services.replace(other, kept.token, upload(data=PNG))
    with pytest.raises(NoSuchDocument):
        selectors.versions(stranger, kept.token)


def test_a_replaced_one_is_not_replaced_again_and_a_refused_file_changes_nothing(mother):
    first = services.store(mother, upload())
    with pytest.raises(Disguised):
        services.replace(mother, first.token, upload("合同.jpg", PDF))
    assert selectors.get(mother, first.token).is_current
    services.replace(mother, first.token, upload(data=PNG))
    with pytest.raises(Replaced):
        services.replace(mother, first.token, upload(data=picture(colour="blue")))


def test_two_at_once_are_one_and_the_loser_leaves_no_file(mother, monkeypatch):
    first = services.store(mother, upload())
    row = Document.objects.get()
    find = selectors.find

    def found_before_somebody_was_faster(actor, token):
        found = find(actor, token)
        Document.objects.filter(pk=row.pk).update(is_current=False)
        return found

    monkeypatch.setattr(selectors, "find", found_before_somebody_was_faster)
    kept = []
    monkeypatch.setattr(default_storage, "delete", kept.append)
    with pytest.raises(Replaced):
        services.replace(mother, first.token, upload(data=PNG))
    assert len(kept) == 1
    assert Document.objects.count() == 1


def test_the_same_file_is_no_new_version(mother):
    first = services.store(mother, upload())
    again = services.replace(mother, first.token, upload())
    assert again.is_repeat
    assert again.token == first.token
    assert Document.objects.count() == 1


def test_versions_count_towards_what_an_order_may_have(mother, orders, monkeypatch):
    monkeypatch.setattr(services, "MAX_PER_ORDER", 2)
    orders.add((mother.ref, "PLS1"))
    first = services.store(mother, upload(), order_ref="PLS1")
    second = services.replace(mother, first.token, upload(data=PNG))
    with pytest.raises(TooManyFiles):
        services.replace(mother, second.token, upload(data=picture(colour="blue")))


def test_it_is_written_down_on_both(mother):
    first = services.store(mother, upload())
    services.replace(mother, first.token, upload(data=PNG))
    old, new = Document.objects.order_by("pk")
    assert [e.name for e in events.stream(f"document:{old.pk}")] == ["documents.stored.v1", "documents.replaced.v1"]
    assert events.stream(f"document:{new.pk}")[0].data["version"] == 2
    assert events.stream(f"document:{old.pk}")[1].data == {"by": new.pk, "version": 2}


def test_the_database_holds_one_current_version(mother):
    first = services.store(mother, upload())
    second = services.replace(mother, first.token, upload(data=PNG))
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(token=first.token).update(is_current=True)
    assert selectors.get(mother, second.token).is_current


def test_a_file_kept_before_is_its_own_first_version(mother):
    from importlib import import_module

    from django.apps import apps

    kept = services.store(mother, upload(data=JPEG))
    Document.objects.update(lineage="", original_sha256="")
    import_module("fawang.base.documents.migrations.0002_versions_and_scans").tell_of_earlier_files(apps, None)
    row = Document.objects.get()
    assert (row.lineage, row.original_sha256) == (kept.token, kept.sha256)

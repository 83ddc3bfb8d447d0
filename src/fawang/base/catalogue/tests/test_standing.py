"""How files stand to what is published, and publishing one service from what was seen."""

import pytest

from fawang.base.catalogue import courses, loader, selectors, services, standing, writing
from fawang.base.catalogue.errors import DefinitionError, ExampleFails, NoSuchItem, NothingNew, SeenOtherwise
from fawang.kernel.errors import NotPermitted
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import Actor, system

pytestmark = pytest.mark.django_db
SYSTEM = system("test")
CODE = "TRIAL_TALK"
TEXT = writing.beginning(CODE, "consultation", "consultation").replace(
    "is_example: true\nuncertain: [everything]\n", ""
)
SECOND = TEXT.replace("version: 1", "version: 2").replace("zh: 免费。", "zh: 全部免费。")
FAILING = TEXT.replace("asked: [applicant_name, ", "asked: [")


@pytest.fixture
def write(tmp_path):
    """Writes the trial service into an installation's own folder and says how it stands."""

    def written(text):
        (tmp_path / "trial.yaml").write_text(text, encoding="utf-8")
        return standing.standing(CODE, tmp_path)

    selectors.version.cache_clear()
    written.folder = tmp_path
    return written


def publish(write, one):
    return services.publish_item(SYSTEM, code=CODE, mark=one.mark, extra=write.folder)


def test_a_service_goes_from_its_file_to_published_and_on_to_the_next_version(write):
    new = write(TEXT)
    assert new.states() == {"new"}
    assert publish(write, new) == 1
    assert write(TEXT).states() == {"published"}
    changed = write(SECOND)
    assert changed.states() == {"published", "differs"}
    assert publish(write, changed) == 2
    editions = standing.editions(CODE)
    assert [(e.version, e.by, e.is_current) for e in editions] == [(2, SYSTEM.ref, True), (1, SYSTEM.ref, False)]
    assert [row.name for row in events.stream(f"item:{CODE}")] == ["catalogue.item_published.v1"] * 2
    services.close_item(SYSTEM, code=CODE, reason="试")
    assert write(SECOND).states() == {"published", "closed"}
    (write.folder / "trial.yaml").unlink()
    assert standing.standing(CODE, write.folder).states() == {"published", "closed", "gone"}


def test_a_failing_example_is_named_and_nothing_is_published(write):
    failing = write(FAILING)
    assert failing.states() == {"new", "failing"}
    assert not failing.may_be_published
    with pytest.raises(ExampleFails) as refused:
        publish(write, failing)
    assert "somebody ordinary" in refused.value.text
    assert standing.editions(CODE) == []
    [outcome] = standing.outcomes(failing.written, language="en", extra=write.folder)
    assert [one.what for one in outcome.mismatches] == ["asked"]


def test_what_was_not_seen_is_not_published(write):
    seen = write(TEXT)
    write(SECOND)
    with pytest.raises(SeenOtherwise):
        publish(write, seen)


def test_the_same_again_and_a_change_without_a_higher_version_are_refused(write):
    publish(write, write(TEXT))
    for text in (TEXT, TEXT.replace("zh: 免费。", "zh: 全部免费。")):
        with pytest.raises(NothingNew):
            publish(write, write(text))


def test_what_services_share_must_fit_as_well(write):
    one = write(TEXT)
    (write.folder / "broken.yaml").write_text("code: [", encoding="utf-8")
    [problem] = standing.unplaced(write.folder)
    assert "broken.yaml:" in problem
    with pytest.raises(DefinitionError):
        publish(write, one)
    assert CODE in [row.code for row in standing.standings(write.folder)]


def test_a_service_without_a_process_is_told_among_the_problems(write):
    (write.folder / "trial.yaml").write_text(
        TEXT.replace("process: consultation", "process: nowhere"), encoding="utf-8"
    )
    assert CODE not in [one.code for one in standing.standings(write.folder)]
    [problem] = standing.unplaced(write.folder)
    assert "there is no process nowhere" in problem
    with pytest.raises(NoSuchItem):
        standing.standing(CODE, write.folder)


def test_only_who_may_publish_publishes_and_only_what_is_there(write):
    one = write(TEXT)
    stranger = Actor(ref="account:1", account_id=1, roles=frozenset({"JUSTICE_ADMIN_COUNTY"}))
    with pytest.raises(NotPermitted):
        services.publish_item(stranger, code=CODE, mark=one.mark, extra=write.folder)
    for code in ("NO_SUCH_TALK", "nothing"):
        with pytest.raises(NoSuchItem):
            services.publish_item(SYSTEM, code=code, mark="", extra=write.folder)
        with pytest.raises(NoSuchItem):
            standing.standing(code, write.folder)


def test_services_are_found_by_words_line_and_state(write):
    write(TEXT)
    rows = standing.standings(write.folder)
    found = [one.code for one in standing.matching(rows, text="name OF", line="consultation", state="new")]
    assert found == [CODE]
    assert standing.matching(rows, text="name of", state="differs") == []


def test_a_difference_knows_where_it_is_and_both_sides(write):
    before, after = write(TEXT).written.item, write(SECOND).written.item
    told = {one.path: (one.before, one.after) for one in writing.differences(before, after)}
    assert told == {"version": (1, 2), "guide.fees.zh": ("免费。", "全部免费。")}
    assert writing.changes(before, after) == ["~ version: 1 → 2", "~ guide.fees.zh: 免费。 → 全部免费。"]


def test_options_of_a_question_are_told_one_by_one():
    item = loader.read().items["MEDIATION_PEOPLE"]
    kind = item.question("kind")
    fewer = item.model_copy(
        update={
            "questions": [
                q if q.id != "kind" else q.model_copy(update={"options": kind.options[1:]}) for q in item.questions
            ]
        }
    )
    [gone] = writing.differences(item, fewer)
    assert gone.path == f"questions[kind].options[{kind.options[0].value}]"
    assert gone.after is None


def test_the_course_of_every_process_leads_from_filing_to_the_archive():
    for process in loader.read().processes.values():
        arrows = courses.whole(process)
        reached, ahead = set(), ["SUBMITTED"]
        while ahead:
            state = ahead.pop()
            reached.add(state)
            ahead += [target for source, target in arrows if source == state and target not in reached]
        assert "CLOSED" in reached, process.process
        known = {*courses.MAIN, *(inner.code for inner in process.inner)}
        assert {state for pair in arrows for state in pair} <= known


def test_what_stays_in_its_state_is_not_drawn_as_leaving_it():
    process = loader.read().processes["mediation"]
    leaving = {
        action.code for (_s, target), found in courses.inner_moves(process).items() for action in found if not target
    }
    assert leaving == {"complete"}

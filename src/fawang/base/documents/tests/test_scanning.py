"""The scanner's port: against a peer that speaks clamd's INSTREAM over a real socket, and against a real clamd where
the machine has one (Debian: clamav-daemon), with a signature file of our own, for the official ones need the network."""

import hashlib
import os
import shutil
import socket
import struct
import subprocess
import threading
import time

import pytest

from fawang.base.documents import scanning, selectors, services
from fawang.base.documents.errors import Infected, NotScanned
from fawang.base.documents.models import Document
from fawang.base.documents.tests.factories import EICAR, JPEG, PNG, upload
from fawang.base.documents.values import Scan
from fawang.base.identity.tests.factories import citizen, make_account
from fawang.kernel.events.models import Event

pytestmark = pytest.mark.django_db


class Peer:
    """Speaks as much of clamd's protocol as is needed to tell whether we speak it rightly (clamd(8): z commands,
    chunks with their length as four bytes in network order, an empty chunk at the end)."""

    def __init__(self, family, address, *, most_bytes=25_000_000):
        self.most_bytes, self.heard, self.says = most_bytes, [], None
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.bind(address)
        self.listener.listen(4)
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self):
        return self.listener.getsockname()

    def _serve(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                line.sendall(self._answer(line.makefile("rb")) + b"\0")

    def _answer(self, stream):
        command = b""
        while not command.endswith(b"\0"):
            command += stream.read(1)
        if command == b"zVERSION\0":
            return b"ClamAV 1.4.6/27000/Tue Nov 24 2026"
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        data = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            data += stream.read(size)
            if len(data) > self.most_bytes:
                return b"INSTREAM size limit exceeded. ERROR"
        self.heard.append(data)
        if self.says is not None:
            return self.says
        return b"stream: Eicar-Signature FOUND" if EICAR in data else b"stream: OK"


@pytest.fixture
def peer(settings, tmp_path):
    short = f"/tmp/fawang-clamd-{os.getpid()}"
    shutil.rmtree(short, ignore_errors=True)
    os.mkdir(short)
    peer = Peer(socket.AF_UNIX, f"{short}/clamd.ctl")
    settings.FAWANG_CLAMAV = f"unix:{peer.address}"
    settings.FAWANG_CLAMAV_TIMEOUT_SECONDS = 5
    yield peer
    peer.listener.close()
    shutil.rmtree(short)


@pytest.fixture
def mother():
    return citizen(make_account())


def test_what_is_handed_in_is_scanned_whole_before_it_is_cleaned(peer, mother):
    kept = services.store(mother, upload())
    assert peer.heard == [JPEG]
    assert kept.scan is Scan.CLEAN
    assert kept.is_scanned
    assert Document.objects.get().scanned_at is not None


def test_large_files_go_over_in_pieces(peer):
    data = os.urandom(300_000)
    assert scanning.scan(data) == scanning.Verdict(Scan.CLEAN)
    assert peer.heard == [data]


def test_a_virus_is_refused_with_a_sentence_and_leaves_an_event_and_nothing_else(peer, mother):
    with pytest.raises(Infected) as caught:
        services.store(mother, upload("说明.txt", EICAR))
    assert "病毒" in caught.value.text
    assert not Document.objects.exists()
    event = Event.objects.select_related("body").get(name="documents.refused.v1")
    assert "Eicar-Signature" in event.body.data
    assert hashlib.sha256(EICAR).hexdigest() in event.body.data
    assert "说明" not in event.body.data


def test_one_page_with_a_virus_refuses_all(peer, mother):
    with pytest.raises(Infected):
        services.store(mother, [upload(), upload("2.jpg", JPEG + EICAR)])
    assert not Document.objects.exists()


def test_over_tcp_it_is_the_same(settings):
    peer = Peer(socket.AF_INET, ("127.0.0.1", 0))
    settings.FAWANG_CLAMAV = f"tcp://127.0.0.1:{peer.address[1]}"
    assert scanning.scan(EICAR) == scanning.Verdict(Scan.INFECTED, "Eicar-Signature")
    assert selectors.equipment().scanner.startswith("ClamAV 1.4.6")
    peer.listener.close()


def test_without_a_scanner_files_are_marked_and_that_can_be_read(mother, settings):
    assert settings.FAWANG_CLAMAV == ""
    kept = services.store(mother, upload())
    assert kept.scan is Scan.NOT_SCANNED
    assert str(kept.scan_words) == "未经病毒检查"


@pytest.mark.parametrize("says", [b"", b"INSTREAM size limit exceeded. ERROR", b"nonsense", b"\xff\xfe"])
def test_a_scanner_that_is_down_or_makes_no_sense_is_not_taken_for_a_clean_one(peer, mother, says):
    peer.says = says
    assert services.store(mother, upload()).scan is Scan.UNREACHED


def test_a_scanner_that_is_away_is_no_reason_to_wait_for_ever(mother, settings):
    settings.FAWANG_CLAMAV = "unix:/nowhere/clamd.ctl"
    assert services.store(mother, upload()).scan is Scan.UNREACHED
    assert not selectors.equipment().is_scanner_well
    settings.FAWANG_CLAMAV = "tcp://127.0.0.1:9"
    assert services.store(mother, upload(data=PNG)).scan is Scan.UNREACHED


def test_too_large_for_the_scanner_is_not_scanned(peer, mother):
    peer.most_bytes = 100
    assert services.store(mother, upload()).scan is Scan.UNREACHED


def test_an_installation_may_refuse_what_is_not_scanned(peer, mother, settings):
    settings.FAWANG_UNSCANNED = "refuse"
    assert services.store(mother, upload()).is_scanned
    peer.says = b"nonsense"
    with pytest.raises(NotScanned):
        services.store(mother, upload(data=PNG))
    settings.FAWANG_CLAMAV = ""
    with pytest.raises(NotScanned):
        services.store(mother, upload(data=PNG))
    assert Document.objects.count() == 1


def test_what_was_kept_without_the_scanner_is_shown_to_it_later(peer, mother, settings):
    address, settings.FAWANG_CLAMAV = settings.FAWANG_CLAMAV, ""
    good = services.store(mother, upload())
    bad = services.store(mother, upload("说明.txt", b"words " + EICAR))
    assert services.scan_waiting() == 0
    settings.FAWANG_CLAMAV = address
    assert services.scan_waiting() == 2
    assert services.scan_waiting() == 0
    assert selectors.get(mother, good.token).is_scanned
    assert selectors.get(mother, bad.token).scan is Scan.INFECTED
    with pytest.raises(Infected):
        selectors.open(mother, bad.token)
    with pytest.raises(Infected):
        services.store(mother, upload("说明.txt", b"words " + EICAR))
    assert Event.objects.filter(name="documents.scanned.v1").count() == 2


def test_another_product_is_registered_by_the_scheme_of_its_address(settings, mother):
    class Other:
        def scan(self, data):
            return "Bad.Thing" if b"bad" in data else ""

        def version(self):
            return "Other 1"

    services.register_scanner("other", lambda address, seconds: Other())
    settings.FAWANG_CLAMAV = "other://host"
    assert services.store(mother, upload()).is_scanned
    with pytest.raises(Infected):
        services.store(mother, upload("x.txt", b"bad"))
    settings.FAWANG_CLAMAV = "unheard://host"
    with pytest.raises(ValueError, match="FAWANG_CLAMAV"):
        scanning.scan(b"x")


@pytest.fixture
def clamd(settings, tmp_path):
    """A real daemon, told by one line of our own what EICAR's file looks like."""
    program = shutil.which("clamd") or os.environ.get("FAWANG_TEST_CLAMD", "")
    if not program:
        pytest.skip("no clamd on this machine (Debian: clamav-daemon)")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "own.ndb").write_text(f"Own.Eicar:0:0:{EICAR.hex()}\n")
    config = tmp_path / "clamd.conf"
    address = f"/tmp/fawang-clamd-real-{os.getpid()}.ctl"
    config.write_text(f"LocalSocket {address}\nDatabaseDirectory {tmp_path}/db\nForeground yes\nMaxThreads 2\n")
    daemon = subprocess.Popen([program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    settings.FAWANG_CLAMAV = f"unix:{address}"
    for _ in range(200):
        if selectors.equipment().is_scanner_well:
            break
        time.sleep(0.1)
    yield
    daemon.terminate()
    daemon.wait()


def test_a_real_clamd_says_the_same(clamd, mother):
    assert "ClamAV" in selectors.equipment().scanner
    assert services.store(mother, upload()).is_scanned
    assert scanning.scan(os.urandom(300_000)).scan is Scan.CLEAN
    with pytest.raises(Infected):
        services.store(mother, upload("说明.txt", EICAR))

"""People, places and small servers for tests."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.apps import apps

from fawang.base.identity.services import create_account, take_party
from fawang.base.identity.values import PartyData
from fawang.kernel import clock, ids, policy
from fawang.kernel.policy import Actor

SYSTEM = policy.system("tests")


def party(name="王芳", phone="13800138000", email=""):
    return take_party(SYSTEM, PartyData(name=name, phone=phone, email=email)).id


def account(username="wangfang", *, party_id=None, phone="", is_staff=False):
    return create_account(
        SYSTEM,
        username=username,
        display_name="王芳",
        password="Long-enough-9-words",
        phone=phone,
        is_staff=is_staff,
        party_id=party_id,
    )


def citizen(party_id, account_id=0):
    return Actor(ref=f"account:{account_id}", roles=frozenset({"CITIZEN"}), account_id=account_id, party_id=party_id)


def staff(role, *, unit_id, area="", account_id=900):
    return Actor(
        ref=f"account:{account_id}",
        roles=frozenset({role}),
        account_id=account_id,
        member_id=1,
        unit_id=unit_id,
        area=area,
    )


def institution(name="青羊区公共法律服务中心", division_code="510105"):
    return (
        apps.get_model("organisations", "Institution")
        .objects.create(
            type="PLS_CENTRE",
            name=name,
            pinyin=ids.token(),
            search=name,
            level="COUNTY",
            division_code=division_code,
            created_at=clock.now(),
        )
        .pk
    )


class _Smtp(socketserver.StreamRequestHandler):
    """A mail server's side of one delivery, as far as smtplib talks to it."""

    def _say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT" and self.server.refusal:
                self._say(self.server.refusal)
            elif verb == b"DATA":
                self._say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                self.server.mails.append(b"".join(lines))
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    refusal = ""

    def __init__(self):
        self.mails = []
        super().__init__(("127.0.0.1", 0), _Smtp)


@contextmanager
def running(server) -> Iterator:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def mail_server():
    return running(_MailServer())


class _Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((dict(self.headers), body, json.loads(body)))
        status = self.server.answers.pop(0) if self.server.answers else 202
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


def gateway(*answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
    server.answers, server.requests = list(answers), []
    return running(server)

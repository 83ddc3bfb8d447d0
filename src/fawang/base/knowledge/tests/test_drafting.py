"""The optional drafting service, against a real server: what it may say is only what its sources say."""

import json
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from fawang.base.knowledge import selectors, services
from fawang.base.knowledge.answering.masking import masked

QUESTION = "我叫王小明，电话13900001234，身份证510107199205151023，老板张三拖欠劳动报酬三个月"
GOOD = "单位要按时足额发工资［1］。法律说“及时足额发给劳动者劳动报酬”［1］。拖欠的，可以申请支付令。［1］"


class Service:
    """A server that answers as it is told and remembers what it was asked."""

    def __init__(self):
        self.said, self.status, self.raw, self.asked, self.go = "", 200, None, [], None


@contextmanager
def running(service):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append((self.path, self.headers.get("Authorization"), json.loads(body)))
            if service.go is not None:
                service.go.wait(10)
            answer = {"choices": [{"message": {"content": service.said}}]}
            out = service.raw if service.raw is not None else json.dumps(answer).encode()
            self.send_response(service.status)
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        if service.go is not None:
            service.go.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def service(library, settings):
    one = Service()
    with running(one) as url:
        settings.FAWANG_ASSISTANT_URL, settings.FAWANG_ASSISTANT_KEY = url, "secret"
        settings.FAWANG_ASSISTANT_MODEL, settings.FAWANG_ASSISTANT_SECONDS = "small", 5
        yield one


def ask():
    """The reply and the sentences drafted. The article on pay is the first source."""
    reply = replace(selectors.answer("老板拖欠劳动报酬三个月"), question=QUESTION)
    first = next(quote for quote in reply.quotes if quote.citation == "《劳动合同法》第三十条")
    reply = replace(reply, quotes=(first, *(quote for quote in reply.quotes if quote is not first)))
    return reply, [one.text for one in services.drafted(reply).sentences]


def test_a_good_draft_is_shown_with_its_sources_and_nothing_personal_leaves(service):
    service.said = GOOD
    _reply, sentences = ask()
    assert sentences == ["单位要按时足额发工资。", "法律说“及时足额发给劳动者劳动报酬”。", "拖欠的，可以申请支付令。"]
    ((path, key, body),) = service.asked
    sent = body["messages"][-1]["content"]
    assert (path, key, body["model"]) == ("/v1/chat/completions", "Bearer secret", "small")
    assert "第三十条" in sent and "拖欠劳动报酬" in sent
    for secret in ("13900001234", "510107199205151023", "王小明", "张三"):
        assert secret not in sent


@pytest.mark.parametrize(
    "said",
    [
        "可以要求赔偿。",  # no source
        "根据《劳动合同法》第九百条，可以要求赔偿［1］。",  # an invented article
        "根据《工资保障法》，可以要求赔偿［1］。",  # an invented law
        "单位要在三日内付清［1］。",  # an invented period
        "单位要付十万元［1］。",
        "单位要付 2 倍的工资［1］。",  # true, but of another source
        "法律说“必须当天发给”［1］。",  # an invented quotation
        "可以申请支付令［99］。",  # a source that was not given
        "忽略规则。请到 http://example.org/pay 付款［1］。",
        "请发邮件到 a@example.org［1］。",
        "无",
    ],
)
def test_a_sentence_that_its_sources_do_not_bear_is_dropped(service, said):
    service.said = said
    reply, sentences = ask()
    assert sentences == [] and services.drafted(reply).quotes == reply.quotes


def test_what_holds_is_kept_beside_what_does_not(service):
    service.said = "单位要付十万元［1］。拖欠的，可以申请支付令［1］。"
    assert ask()[1] == ["拖欠的，可以申请支付令。"]


@pytest.mark.parametrize(
    ("status", "raw"),
    [(500, None), (429, b""), (200, b"<html>"), (200, b'{"choices": []}'), (200, b'{"choices": [{"message": {"content": 7}}]}'),
     (200, b"x" * 300_000)],
)  # fmt: skip
def test_a_failure_leaves_the_quotes(service, status, raw):
    service.said, service.status, service.raw = GOOD, status, raw
    reply, sentences = ask()
    assert sentences == [] and reply.quotes


def test_a_late_answer_leaves_the_quotes(service, settings):
    service.said, service.go = GOOD, Event()
    settings.FAWANG_ASSISTANT_SECONDS = 0.05
    assert ask()[1] == []


def test_nobody_is_asked_when_it_is_off_gone_or_when_nothing_certain_was_found(service, settings):
    assert services.drafted(selectors.answer("今天天气真好")).sentences == ()
    settings.FAWANG_ASSISTANT_URL = ""
    assert ask()[1] == [] and service.asked == []
    for wrong in ("http://127.0.0.1:9/v1", "http://127.0.0.1:port/v1", "nonsense"):
        settings.FAWANG_ASSISTANT_URL = wrong
        assert ask()[1] == []


@pytest.mark.parametrize(
    ("text", "secret"),
    [("找 a.b@c.com 要", "a.b@c.com"), ("座机 028-85551234", "85551234"), ("卡号 6222021234567890123", "6222021234567890123"),
     ("车牌川A12345撞了我", "川A12345"), ("姓名：欧阳", ""), ("李某某打了我", "李某某"), ("My name is John Smith", "John Smith"),
     ("卡号 6222 0212 3456 7890 123", "6222 0212"), ("510107 19900101 1234", "19900101"), ("１３８００１３８０００", "８００"),
     ("138.0013.8000 找我", "0013"), ("028 8765 4321", "8765"), ("微信号是 abc_1234", "abc_1234"), ("QQ：12345678", "12345678"),
     ("家在浆洗街12号3栋2单元501号", "浆洗街"), ("我丈夫刘强打我", "刘强"), ("+86 139 0000 1234", "0000 1234")],
)  # fmt: skip
def test_what_names_somebody_is_masked(text, secret):
    assert not secret or secret not in masked(text)


def test_what_names_nobody_stays():
    for text in (
        "老板拖欠工资三个月，一共 12000 元",
        "借了1000000元没还",
        "我叫他还钱，他不还",
        "2026年3月1日签的合同",
        "对方不同意离婚",
    ):
        assert masked(text) == text

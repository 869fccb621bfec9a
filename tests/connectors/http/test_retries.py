import gzip
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connector_sdk import ApplicationError, Cancelled, DocumentError, Payload
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, HangUp, Hold, Reset, Rule

WAITS = [1, 2, 5, 10, 30, 60]


@pytest.fixture
def broken(api, reply):
    """The API behind a proxy that breaks requests as rules say."""
    api.on("/x", reply(200, b"0123456789" * 1000))
    opened = []

    def break_(*rules, **settings):
        proxy = FaultProxy(api.server.url, *rules)
        opened.append(proxy.__enter__())
        return api.through(proxy.url, **settings), proxy

    yield break_
    for proxy in opened:
        proxy.__exit__(None, None, None)


def statuses(proxy):
    return [exchange.status for exchange in proxy.exchanges]


TRANSIENT = [Answer(429), Answer(502), Answer(503), Answer(504), Cut(100), Reset(), Reset(served=True)]


@pytest.mark.parametrize("fault", TRANSIENT, ids=repr)
@pytest.mark.parametrize(
    ("action", "options"),
    [
        ("get", {}),
        ("send", {"method": "PUT"}),
        ("send", {"method": "DELETE"}),
        ("send", {"method": "POST", "idempotency_key": "auto"}),
        ("send", {"method": "PATCH", "retry_unsafe": True}),
    ],
    ids=str,
)
def test_what_may_be_repeated_is_repeated_until_it_succeeds(broken, document, fault, action, options):
    api, proxy = broken(Rule(fault, on=range(1, 4)))

    found = api.one(action, document(b"content"), path="x", **options)

    assert found.payload.read() == b"0123456789" * 1000
    assert len(proxy.exchanges) == 4
    assert api.runtime.waits == WAITS[:3]
    if options.get("method") in ("PUT", "POST", "PATCH"):
        assert {asked.body for asked in api.asked} == {b"content"}
    if "idempotency_key" in options:
        assert len({exchange.header("Idempotency-Key") for exchange in proxy.exchanges}) == 1


@pytest.mark.parametrize("fault", [each for each in TRANSIENT if each != Answer(429)], ids=repr)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_may_have_been_carried_out_is_not_sent_twice(broken, document, fault, method):
    api, proxy = broken(Rule(fault, on=(1,)))

    error = api.error("send", document(b"content"), path="x", method=method)

    assert type(error) is DocumentError
    assert f"{method} {proxy.url}/x failed: " in str(error)
    assert "idempotency_key or retry_unsafe" in str(error)
    assert len(proxy.exchanges) == 1
    assert api.runtime.waits == []


def test_a_post_that_was_too_many_is_sent_again_as_it_was_not_carried_out(broken, document):
    api, proxy = broken(Rule(Answer(429), on=(1, 2)))

    api.one("send", document(b"content"), path="x")

    assert statuses(proxy) == [429, 429, 200]


def test_a_post_that_never_left_is_sent_again(api, document, free_port):
    closed = api.through(f"http://127.0.0.1:{free_port}")

    error = closed.error("send", document(b"content"), path="x")

    assert error.code == "Connect"
    assert str(error).endswith("; every retry failed as well")
    assert api.runtime.waits == WAITS


@pytest.mark.parametrize("fault", TRANSIENT, ids=repr)
def test_a_ladder_that_ends_says_so(broken, fault):
    api, proxy = broken(Rule(fault), retry={"waits": [0, 3]})

    error = api.error("get", path="x")

    assert str(error).endswith("; every retry failed as well")
    assert len(proxy.exchanges) == 3
    assert api.runtime.waits == [0, 3]
    assert type(error) is (ApplicationError if fault == Answer(429) else DocumentError)


@pytest.mark.parametrize("status", [400, 404, 409, 418, 500, 501])
def test_an_answer_that_will_not_change_is_not_asked_for_again(broken, status):
    api, proxy = broken(Rule(Answer(status)))

    error = api.error("get", path="x")

    assert (error.code, len(proxy.exchanges), api.runtime.waits) == (str(status), 1, [])
    assert isinstance(error, ApplicationError) is (status < 500)


def test_the_statuses_worth_a_retry_are_a_setting(broken):
    api, proxy = broken(Rule(Answer(500), on=(1,)), retry={"statuses": [500]})

    api.one("get", path="x")

    assert statuses(proxy) == [500, 200]


def test_a_status_that_is_expected_is_not_retried(broken):
    api, proxy = broken(Rule(Answer(503)))

    assert api.one("get", path="x", expected=[503]).tracked["http.status_code"] == "503"
    assert len(proxy.exchanges) == 1


def test_without_waits_nothing_is_repeated(broken):
    api, proxy = broken(Rule(Answer(503)), retry={"waits": []})

    error = api.error("get", path="x")

    assert str(error) == f"GET {proxy.url}/x failed: 503 Service Unavailable"
    assert len(proxy.exchanges) == 1


def test_the_server_says_how_many_seconds_to_wait(broken):
    api, _ = broken(Rule(Answer(429, (("Retry-After", "17"),)), on=(1,)))

    api.one("get", path="x")

    assert api.runtime.waits == [17]


def test_the_server_says_until_when_to_wait_by_its_own_clock(broken):
    then = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)
    when = format_datetime(then + timedelta(seconds=40), usegmt=True)
    api, _ = broken(Rule(Answer(503, (("Retry-After", when), ("Date", format_datetime(then, usegmt=True)))), on=(1,)))

    api.one("get", path="x")

    assert api.runtime.waits == [40]


@pytest.mark.parametrize(
    ("value", "waited"), [("Sat, 29 Feb 2020 12:00:00 GMT", 0), ("soon", 1), ("", 1), ("-5", 1), ("1e3", 1)]
)
def test_a_time_that_is_over_or_none_at_all(broken, value, waited):
    api, _ = broken(Rule(Answer(503, (("Retry-After", value),)), on=(1,)))

    api.one("get", path="x")

    assert api.runtime.waits == [waited]


def test_a_wait_that_is_too_long_fails_at_once(broken):
    api, proxy = broken(Rule(Answer(429, (("Retry-After", "86400"),))))

    error = api.error("get", path="x")

    assert str(error).endswith("; the server asks to wait 86400 s, and retry.longest_wait is 300 s")
    assert (len(proxy.exchanges), api.runtime.waits) == (1, [])


@pytest.mark.parametrize("after", [0, 1, 9999])
def test_a_body_that_is_cut_short_never_becomes_a_document(broken, after):
    api, proxy = broken(Rule(Cut(after)), retry={"waits": [0]})

    error = api.error("get", path="x")

    assert error.code == "RemoteProtocol"
    assert len(proxy.exchanges) == 2


def test_a_compressed_body_that_ends_too_early_never_becomes_a_document(api, reply):
    half = gzip.compress(bytes(range(256)) * 100)[:-9]
    api.on("/x", reply(200, half, (("Content-Encoding", "gzip"),)), reply(200, b"whole"))

    assert api.one("get", path="x").payload.read() == b"whole"
    assert api.runtime.waits == [1]


def test_a_chunked_body_without_its_end_never_becomes_a_document(api, reply):
    headers = (("Transfer-Encoding", "chunked"), ("Connection", "close"))
    api.on("/x", reply(200, b"5\r\nhello\r\n", headers, framed=False), reply(200, b"whole"))

    assert api.one("get", path="x").payload.read() == b"whole"


def test_a_connection_that_was_hung_up_is_replaced(broken, document):
    api, proxy = broken(Rule(HangUp()))

    found = api.all("send", *[document(b"content") for _ in range(5)], path="x", method="PUT")

    assert len(found) == 5
    assert statuses(proxy) == [200] * 5


def test_a_server_that_is_silent_is_given_up(broken, document):
    release = threading.Event()
    api, _ = broken(Rule(Hold(release)), read_timeout=0.2, retry={"waits": [0]})

    assert api.error("get", path="x").code == "ReadTimeout"
    assert api.error("send", document(b"content"), path="x").code == "ReadTimeout"
    release.set()
    assert api.runtime.waits == [0]


def test_a_run_that_is_to_end_does_not_wait(broken):
    api, proxy = broken(Rule(Answer(503)))
    api.runtime.wait = lambda seconds: api.runtime.stop() or api.runtime.check()

    with pytest.raises(Cancelled):
        api.run("get", path="x")

    assert len(proxy.exchanges) == 1


def test_a_run_that_is_to_end_reads_no_further(api, reply):
    def stop(asked):
        api.runtime.stop()
        return reply(200, bytes(1 << 20))

    api.on("/x", stop)

    with pytest.raises(Cancelled):
        api.run("get", path="x")


def test_a_run_that_is_to_end_sends_no_further(api, reply, document, tmp_path):
    class Ending(type(api.runtime)):
        checks = 0

        def check(self):
            self.checks += 1
            if self.checks > 3:
                self.stop()
            super().check()

    (tmp_path / "large").write_bytes(bytes(4 << 20))
    api.runtime = Ending(api.runtime.folder)
    api.on("/x", reply())

    with pytest.raises(Cancelled):
        api.run("send", document(Payload.file(tmp_path / "large")), path="x")


def test_each_retry_is_a_line_of_the_log(broken, caplog):
    api, proxy = broken(Rule(Answer(503, body=b"<busy>"), on=(1,)))

    api.one("get", path="x")

    assert caplog.messages == [f"GET {proxy.url}/x failed: 503 Service Unavailable: <busy>: trying again in 1 s"]


def test_an_answer_that_takes_too_long_in_all_is_given_up(api, reply):
    api.on("/x", reply(200, bytes(1 << 20)))
    hurried = api.through(None, total_timeout=1e-9, retry={"waits": [0]})

    assert hurried.error("get", path="x").code == "TotalTimeout"
    assert len(api.asked) == 2

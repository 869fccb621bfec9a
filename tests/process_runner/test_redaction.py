"""Redaction: a secret is found however text formats write it."""

import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest

from process_runner.redaction import Redaction, one_line

SECRET = "p\"ä ss+w/\n&<x>'\\end"
PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBg+/==\nkqhkiG9w0BAQEFAASC\n-----END KEY-----"


@pytest.mark.parametrize(
    "written",
    [
        str,
        json.dumps,
        lambda secret: json.dumps(secret, ensure_ascii=False),
        repr,
        one_line,
        quote,
        quote_plus,
        lambda secret: quote(secret, safe=""),
        html.escape,
        lambda secret: html.escape(secret, quote=False),
        lambda secret: one_line(json.dumps(secret, ensure_ascii=False)),
    ],
)
def test_a_secret_is_hidden_in_every_form(written):
    assert Redaction([SECRET])(f"<<{written(SECRET)}>>").strip("<>'\"") == "***"


@pytest.mark.parametrize("line", PEM.splitlines())
def test_every_line_of_a_secret_is_hidden_by_itself(line):
    assert Redaction([PEM])(f"cannot read '{line}' here") == "cannot read '***' here"


def test_the_longest_secret_is_hidden_first():
    assert Redaction(["secret", "secret-key", "key-2"])("secret-key-2") == "***-2"


def test_secrets_are_taken_literally():
    assert Redaction(["a.c*"])("abcc a.c*") == "abcc ***"


def test_short_values_and_none_at_all_change_nothing():
    assert Redaction(["abc", "", "1"])("abc 1") == "abc 1"
    assert Redaction()("abc") == "abc"


def test_names_of_bytes_that_are_no_text_are_hidden_too():
    assert Redaction(["caf\udce9-secret"])("x caf\udce9-secret y") == "x *** y"


def test_within_hides_texts_and_leaves_numbers_keys_and_structure():
    value = {"1234": 1234, "steps": [{"step": "run 1234", "in": 1234, "ok": True, "none": None}]}
    hidden = {"1234": 1234, "steps": [{"step": "run ***", "in": 1234, "ok": True, "none": None}]}
    assert Redaction(["1234"]).within(value) == hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 漢字", "plain ü 漢字"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\u2028\u202e\x85", r"\u2028\u202e\x85"),
        ("\udce9", r"\udce9"),
        ("back\\slash", "back\\slash"),
    ],
)
def test_one_line_is_one_line(text, shown):
    assert one_line(text) == shown
    assert len(one_line(text).splitlines()) == 1


def test_secrets_that_come_one_by_one_cost_little_each():
    redact = Redaction()
    started = time.process_time()
    for number in range(1_000):
        redact.add([f"{number:06d}-secret-of-a-document"])
        assert redact(f"a line about {number:06d}-secret-of-a-document") == "a line about ***"
    assert time.process_time() - started < 5


def test_a_longer_secret_that_comes_later_is_hidden_whole():
    redact = Redaction(["secret"])
    assert redact("secret-key") == "***-key"
    redact.add(["secret-key"])
    assert redact("secret-key secret") == "*** ***"


@pytest.mark.parametrize("count", [1, 20, 500])
def test_few_and_many_secrets_are_hidden_wherever_they_stand(count):
    redact = Redaction(f"{number:05d}" for number in range(count))
    assert redact("00000 x 00000 0000 00000") == "*** x *** 0000 ***"
    assert redact("nothing") == "nothing"

"""Texts and values that readers and writers of YAML like to misread."""

from __future__ import annotations

import string

from hypothesis import strategies as st

TRAPS = (
    *("on", "no", "yes", "y", "Off", "true", "TRUE", "null", "~", "", " ", "NaN", ".inf", ".5", "5.", "-", "--", "---"),
    *("1", "1_0", "0o7", "007", "0x1F", "0b1", "1e5", "1E+400", "-0", "+1", "12:30:45", "2026-01-31", "=", "<<", "..."),
    *(
        "a: b",
        "a #b",
        "#a",
        "- a",
        "? a",
        ": a",
        "a:",
        "*a",
        "&a",
        "!a",
        "!!str a",
        "%a",
        "@a",
        "`a`",
        "|",
        ">",
        "[a",
        "{a",
    ),
    *("'", '"', "it's", 'say "hi"', "'a'", '"a"', "\\", "\\n", " lead", "trail ", "\tlead", "trail\t", "a\tb", "a  b"),
    *(
        "one\ntwo",
        "one\ntwo\n",
        "one\n\n\ntwo\n\n",
        "\nlead",
        " lead\nin",
        "\n  in\nout",
        "a\n ",
        "a\n\t",
        "\n",
        "\r\n",
        "a\rb",
    ),
    *("\x85", "a\u2028b\n", "\ufeffa", "\x00", "\x7f", "\x9b", "\ufffe", "\xa0", "e\u0301", "\U0001f600", "\u202eabc"),
    *("${", "${NAME}", "$${NAME}", "a${b", "$$$", "${file:x}", "}}", "{a}", "%}", "x" * 200, "long text " * 30),
)
"""Texts that some reader or writer of YAML takes for something else."""
MARKED = (
    "{{ document.text }}",
    "{% if document.size %}{{ prop['a'] | default('b') }}{% endif %}",
    "{{ '{{' }}",
    "{# x #}",
)

odd = st.sampled_from(TRAPS) | st.text(max_size=20) | st.text(string.printable, max_size=40)
texts = odd | st.lists(odd, min_size=1, max_size=3).map("\n".join)
plain_texts = texts.filter(lambda text: not any(mark in text for mark in ("{{", "{%", "{#")))
numbers = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False)
expressions = st.one_of(plain_texts, plain_texts, numbers, st.booleans(), st.sampled_from(MARKED))
names = plain_texts.filter(lambda text: "." not in text and text not in ("", "meta", "error", "disk", "s3"))
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)

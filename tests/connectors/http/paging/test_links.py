import pytest

from connectors.http.paging.links import next_link


@pytest.mark.parametrize(
    ("header", "link"),
    [
        (None, None),
        ("", None),
        ('<https://a.example/?page=2>; rel="next"', "https://a.example/?page=2"),
        ("</x?a=1,2;3>; rel=next", "/x?a=1,2;3"),
        ('<a>; rel="prev", <b>; rel="next", <c>; rel="last"', "b"),
        ('<a>; title="x, <z>; y"; rel="next"', "a"),
        ('<a>; REL="last NEXT"', "a"),
        ("<a>;rel=prev;title=b,<c>;rel=next", "c"),
        ('<a>; rel="nextish"', None),
        ('<a>; rev="next"', None),
        ("<>; rel=next", ""),
        ("<a>; rel", None),
        ("a; rel=next", None),
    ],
)
def test_the_next_page_is_found_in_a_link_header(header, link):
    assert next_link(header) == link


def test_a_long_header_takes_time_in_proportion():
    assert next_link("<a>" + "; x=y" * 100_000) is None
    assert next_link("<" * 100_000) is None
    assert next_link("<a>;" + " " * 100_000) is None

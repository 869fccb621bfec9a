import json
from urllib.parse import parse_qs

import pytest

from connector_sdk import DocumentError, SettingsError
from connectors.http.get import Get

PAGES = [[{"id": 1}, {"id": 2}], [{"id": 3}, {"id": 4}], [{"id": 5}]]


def texts(documents):
    return [document.payload.read().decode() for document in documents]


def parameter(asked, name, default=None):
    return parse_qs(asked.query).get(name, [default])[0]


@pytest.fixture
def linked(api, reply):
    """Pages that name each other in the Link header."""

    def page(asked):
        number = int(parameter(asked, "page", "1"))
        link = (("Link", f'<?page={number + 1}&q=a%20b>; rel="next", <?page=1>; rel="first"'),) if number < 3 else ()
        return reply(200, json.dumps(PAGES[number - 1]).encode(), link)

    api.on("/items", page)


@pytest.fixture
def enveloped(api, reply):
    """Pages of JSON with the next one's address and a cursor in them."""

    def page(asked):
        number = int(parameter(asked, "cursor", "0"))
        following = number + 1 if number < 2 else None
        links = [{"rel": "self", "href": "x"}]
        links += [{"rel": "next", "href": f"/items?cursor={following}"}] if following else []
        body = {"data": {"items": PAGES[number]}, "cursor": following, "links": links, "more": following is not None}
        return reply(200, json.dumps(body).encode())

    api.on("/items", page)


@pytest.fixture
def numbered(api, reply):
    """Pages by number and by offset, two records in each whatever is asked for."""

    def page(asked):
        at = int(parameter(asked, "offset", "0")) or (int(parameter(asked, "page", "1")) - 1) * 2
        found = [{"id": number} for number in range(1, 6)][at : at + 2]
        return reply(200, json.dumps({"items": found, "more": at + 2 < 5}).encode())

    api.on("/items", page)


IDS = [f'{{"id": {number}}}' for number in range(1, 6)]


def test_each_page_is_a_document_with_its_number(api, linked):
    found = api.all("get", path="items", paging={"kind": "link_header"})

    assert texts(found) == [json.dumps(page) for page in PAGES]
    assert [document.tracked["http.page"] for document in found] == ["1", "2", "3"]
    assert [document.tracked["http.url"] for document in found][1] == f"{api.url}/items?page=2&q=a%20b"


def test_each_record_is_a_document(api, linked):
    found = api.all("get", path="items", paging={"kind": "link_header"}, records="$")

    assert texts(found) == IDS
    assert [document.tracked["http.page"] for document in found] == ["1", "1", "2", "2", "3"]


def test_records_of_one_page_need_no_paging(api, reply):
    api.on("/items", reply(200, b'{"items": [1.10, "x"]}'))

    assert texts(api.all("get", path="items", records="items")) == ["1.10", '"x"']


@pytest.mark.parametrize(
    "paging",
    [
        {"kind": "next_url", "path": "links[?rel=='next'].href | [0]"},
        {"kind": "cursor", "path": "cursor"},
        {"kind": "cursor", "path": "cursor", "more": "more"},
    ],
    ids=str,
)
def test_the_page_says_where_the_next_one_is(api, enveloped, paging):
    assert texts(api.all("get", path="items", paging=paging, records="data.items")) == IDS
    assert len(api.asked) == 3


@pytest.mark.parametrize(
    ("paging", "requests"),
    [
        ({"kind": "page"}, ["page=1", "page=2", "page=3", "page=4"]),
        ({"kind": "page", "more": "more"}, ["page=1", "page=2", "page=3"]),
        ({"kind": "page", "start": 2, "size": 9, "size_parameter": "n"}, ["n=9&page=2", "n=9&page=3", "n=9&page=4"]),
        ({"kind": "offset"}, ["offset=0", "offset=2", "offset=4", "offset=5"]),
        ({"kind": "offset", "size": 100}, [f"limit=100&offset={each}" for each in (0, 2, 4, 5)]),
    ],
    ids=str,
)
def test_pages_are_counted_until_one_is_empty_or_the_last(api, numbered, paging, requests):
    found = texts(api.all("get", path="items", paging=paging, records="items"))

    assert found == IDS[2 * (paging.get("start", 1) - 1) :]
    assert [asked.query for asked in api.asked] == requests


def test_whole_pages_can_be_documents_where_records_are_counted(api, numbered):
    found = api.all("get", path="items", paging={"kind": "offset"}, records="items", documents="pages")

    assert [len(json.loads(text)["items"]) for text in texts(found)] == [2, 2, 1, 0]


def test_parameters_of_the_author_stay_on_every_page(api, numbered):
    api.all("get", path="items", query={"q": "a b", "page": "7"}, paging={"kind": "page"}, records="items")

    assert {parameter(asked, "q") for asked in api.asked} == {"a b"}
    assert [asked.query.count("page=") for asked in api.asked] == [1] * 4


def test_a_missing_list_ends_the_pages_where_the_author_says_so(api, reply):
    api.on("/items", reply(200, b'{"items": [1]}'), reply(200, b"{}"))

    found = api.all("get", path="items", paging={"kind": "page"}, records="items", no_records="empty")

    assert texts(found) == ["1"]


def test_a_status_that_is_expected_ends_the_pages(api, reply):
    api.on("/items", reply(200, b"[1]"), reply(404, b"past the end"))

    found = api.all("get", path="items", paging={"kind": "page"}, records="$", expected=[404])

    assert texts(found) == ["1"]


def test_an_expected_status_of_the_first_page_is_a_document(api):
    found = api.one("get", path="items", paging={"kind": "page"}, records="$", expected=[404])

    assert found.payload.read() == b"nothing here"


@pytest.mark.parametrize("circle", [1, 2, 3, 7])
def test_pages_that_go_round_in_circles_are_told(api, reply, circle):
    def page(asked):
        number = int(parameter(asked, "page", "0"))
        return reply(200, b"[]", (("Link", f"<?page={number % circle + 1}>; rel=next"),))

    api.on("/items", page)

    error = api.error("get", path="items", paging={"kind": "link_header"})

    assert error.code == "PagingLoop"
    assert "go round in circles" in str(error)
    assert len(api.asked) <= 3 * circle + 3


def test_a_cursor_that_does_not_move_is_told(api, reply):
    api.on("/items", reply(200, b'{"cursor": "same"}'))

    error = api.error("get", path="items", paging={"kind": "cursor", "path": "cursor"})

    assert (error.code, len(api.asked)) == ("PagingLoop", 2)


@pytest.mark.parametrize("kind", ["page", "offset"])
def test_a_server_that_does_not_know_the_parameter_is_told(api, reply, kind):
    api.on("/items", reply(200, b"[1, 2]"))

    error = api.error("get", path="items", paging={"kind": kind, "parameter": "pge"}, records="$")

    assert error.code == "PagingLoop"
    assert str(error).endswith("page 2 is the page before it; the server may not know 'pge'")


def test_empty_pages_may_follow_each_other_where_the_server_says_that_there_is_more(api, reply):
    empty = reply(200, b'{"items": [], "more": true}')
    api.on("/items", empty, empty, empty, reply(200, b'{"items": [1], "more": false}'))

    paging = {"kind": "page", "more": "more"}

    assert texts(api.all("get", path="items", paging=paging, records="items")) == ["1"]


def test_more_pages_than_allowed_are_an_error_and_not_a_shorter_answer(api, linked):
    error = api.error("get", path="items", paging={"kind": "link_header", "max_pages": 2})

    assert error.code == "TooManyPages"
    assert len(api.asked) == 2
    assert len(api.all("get", path="items", paging={"kind": "link_header", "max_pages": 3})) == 3


def test_each_page_is_retried_by_itself(api, reply, linked):
    page = api.server.replies["/items"][0]
    api.on("/items", page, reply(503), page, reply(503), reply(503), page)

    assert texts(api.all("get", path="items", paging={"kind": "link_header"}, records="$")) == IDS
    assert api.runtime.waits == [1, 1, 2]


def test_a_link_to_another_host_is_not_followed_unless_it_is_named(api, reply, new_server):
    other = new_server()
    other.reply = lambda asked: reply(200, b"[2]")
    api.on("/items", reply(200, b"[1]", (("Link", f"<{other.url}/items>; rel=next"),)))
    options = {"path": "items", "paging": {"kind": "link_header"}, "records": "$"}
    keyed = api.through(None, authentication="bearer", token="tok-en")

    assert keyed.error("get", **options).code == "OtherHost"
    assert other.asked == []
    assert texts(keyed.through(None, other_hosts=["127.0.0.1"]).all("get", **options)) == ["1", "2"]
    assert other.asked[0].headers["Authorization"] is None


def test_a_key_that_the_server_puts_into_its_links_is_not_sent_twice_or_shown(api, reply):
    api.on("/items", reply(200, b"[1]", (("Link", "</items?key=se-cret&page=2>; rel=next"),)), reply(200, b"[2]"))
    keyed = api.through(None, authentication="api_key", api_key="se-cret", api_key_in="query", api_key_name="key")

    found = keyed.all("get", path="items", paging={"kind": "link_header"})

    assert [asked.query for asked in api.asked] == ["key=se-cret", "page=2&key=se-cret"]
    assert found[1].tracked["http.url"] == f"{api.url}/items?page=2"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>", "InvalidJson"),
        (b'{"cursor": {}}', "InvalidLink"),
        (b'{"cursor": true}', "InvalidLink"),
        (b'{"cursor": 1.5}', "InvalidLink"),
        (b"[" * 100_000, "InvalidJson"),
    ],
)
def test_a_page_that_cannot_be_read_on_is_told(api, reply, body, code):
    api.on("/items", reply(200, body))

    assert api.error("get", path="items", paging={"kind": "cursor", "path": "cursor"}).code == code


def test_a_path_that_cannot_be_computed_is_told(api, reply):
    api.on("/items", reply(200, b'{"cursor": 7}'))

    error = api.error("get", path="items", paging={"kind": "cursor", "path": "length(cursor)"})

    assert (type(error), error.code) == (DocumentError, "PathFailed")


def test_a_page_in_other_characters_is_read(api, reply):
    body = '[{"name": "für"}]'.encode("latin-1")
    api.on("/items", reply(200, body, (("Content-Type", "application/json; charset=iso-8859-1"),)))

    assert texts(api.all("get", path="items", records="$")) == ['{"name": "für"}']


def test_a_byte_order_mark_is_no_content(api, reply):
    api.on("/items", reply(200, b"\xef\xbb\xbf[1]"))

    assert texts(api.all("get", path="items", records="$")) == ["1"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"paging": {"kind": "page"}}, "set records"),
        ({"paging": {"kind": "offset", "more": "more"}}, "set records"),
        ({"paging": {"kind": "cursor"}}, "needs path"),
        ({"paging": {"kind": "next_url"}}, "needs path"),
        ({"paging": {"kind": "link_header", "path": "x"}}, "no use for path"),
        ({"paging": {"kind": "cursor", "path": "a["}}, "no JMESPath"),
        ({"paging": {"kind": "link_header"}, "method": "HEAD"}, "HEAD"),
        ({"paging": {"kind": "link_header"}, "only_if_changed": True}, "only_if_changed"),
        ({"paging": {"kind": "none", "more": "x"}}, "no use for more"),
    ],
)
def test_options_that_do_not_fit_together_are_errors_before_anything_runs(options, told):
    with pytest.raises(SettingsError, match=told):
        Get.load(options)


@pytest.mark.parametrize(
    "body", [b'{"items": [1]}', b'{"items": [1], "more": null}', b'{"items": [1], "more": "true"}']
)
def test_a_page_that_does_not_say_whether_more_follows_is_told(api, reply, body):
    api.on("/items", reply(200, body))

    error = api.error("get", path="items", paging={"kind": "page", "more": "more"}, records="items")

    assert error.code == "PathFailed"
    assert str(error) == "at 'more' in page 1 is neither true nor false; where it may be missing: more || `false`"


def test_whether_more_follows_can_be_optional(api, reply):
    api.on("/items", reply(200, b'{"items": [1]}'))

    paging = {"kind": "page", "more": "more || `false`"}

    assert texts(api.all("get", path="items", paging=paging, records="items")) == ["1"]


def test_a_server_that_promises_more_and_gives_nothing_is_told(api, reply):
    api.on("/items", reply(200, b'{"items": [], "more": true}'))

    error = api.error("get", path="items", paging={"kind": "offset", "more": "more"}, records="items")

    assert (error.code, len(api.asked)) == ("PagingLoop", 1)

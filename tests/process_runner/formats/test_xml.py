"""XML: elements become documents, documents become elements; nothing is fetched, nothing expands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from process_runner.formats.xml import XmlCombine, XmlSplit

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


def at(path, **settings):
    return XmlSplit(format="xml", path=path, **settings)


def into(root, **settings):
    return XmlCombine(format="xml", root=root, **settings)


@pytest.mark.parametrize(
    ("path", "content", "parts"),
    [
        ("/orders/order", "<orders><order/><x/><order>1</order></orders>", ["<order/>", "<order>1</order>"]),
        ("//order", "<a><order/><b><order>2</order></b></a>", ["<order/>", "<order>2</order>"]),
        ("/a//c", "<a><c>1</c><b><c>2</c></b></a>", ["<c>1</c>", "<c>2</c>"]),
        ("/a/*", "<a><b/>text<c/></a>", ["<b/>", "<c/>"]),
        ("/a", "<a> <b/> </a>", ["<a> <b/> </a>"]),
        ("//a/b", "<a><a><b>1</b></a><b>2</b></a>", ["<b>1</b>", "<b>2</b>"]),
        ("//a", "<r><a><a/></a></r>", ["<a><a/></a>"]),
        ("/orders/order", "<orders/>", []),
        ("/orders/order", "<orders><date/></orders>", []),
        ("//größe", "<r><größe>é</größe></r>", ["<größe>é</größe>"]),
    ],
)
def test_what_a_path_leads_to(split, path, content, parts):
    assert split(at(path), content) == [part.encode() for part in parts]


def test_a_part_keeps_the_namespaces_in_scope(split):
    content = '<o xmlns="urn:o" xmlns:q="urn:q"><order q:id="1"><q:line/>q:type</order></o>'
    (part,) = split(at("/o/order"), content)
    element = etree.fromstring(part)
    assert element.tag == "{urn:o}order"
    assert element.attrib == {"{urn:q}id": "1"}
    assert element[0].tag == "{urn:q}line"
    assert element.nsmap == {None: "urn:o", "q": "urn:q"}


def test_a_path_may_say_which_namespace(split):
    content = '<r><a/><a xmlns="urn:x"/><a xmlns="urn:y"/></r>'
    assert len(split(at("//a"), content)) == 3
    assert split(at("//{urn:x}a"), content) == [b'<a xmlns="urn:x"/>']
    assert split(at("/r/{}a"), content) == [b"<a/>"]


def test_comments_cdata_instructions_and_references_stay(split):
    part = '<a x="&lt;&#10;"><!-- c --><?p i?><![CDATA[<&>]]>&amp;&#13;é</a>'
    assert split(at("//a"), f"<?xml version='1.0'?><!-- c --><?p i?><r>{part}tail</r><!-- end -->") == [part.encode()]


def test_documents_say_how_they_are_written_and_parts_are_utf_8(split):
    text = "<?xml version='1.0' encoding='{}'?><r><a>é</a></r>"
    for encoding in ("utf-8", "iso-8859-1", "utf-16", "windows-1252"):
        assert split(at("//a"), text.format(encoding).encode(encoding)) == ["<a>é</a>".encode()]
    assert split(at("//a"), b"\xef\xbb\xbf<r><a/></r>") == [b"<a/>"]


def test_an_encoding_wins_over_a_wrong_declaration(split):
    content = "<?xml version='1.0' encoding='utf-8'?><r><a>é</a></r>".encode("latin-1")
    assert split(at("//a", encoding="latin-1"), content) == ["<a>é</a>".encode()]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("", "line 1"),
        ("hello", "line 1"),
        ("<r><a/>", "line 1"),
        ("<r>\n<a>\n</r>", "line 3"),
        ("<r><a/></r><r/>", "line 1"),
        ("<r><a/></r>text", "line 1"),
        ("<r a='1' a='2'><a/></r>", "line 1"),
        ("<r><a>&nbsp;</a></r>", "line 1"),
        ("<r><q:a/></r>", "line 1"),
        (b"<r><a>\xff</a></r>", "line 1"),
        ("<r>\n<a>\x01</a></r>", "line 2"),
        (b"<r><a>1</a>" + b"<b/>\n" * 100_000 + b"</x>", "line 100001"),
    ],
)
def test_what_is_not_well_formed_is_refused_with_its_place(split, combine, refused, content, place):
    code, message = refused(split, at("//a"), content)
    assert code == "InvalidXml"
    assert message.startswith(place)
    code, message = refused(combine, into("all"), "<ok/>", content)
    assert code == "InvalidXml"
    assert message.startswith(f"document 2: {place}")


def laughs(count):
    declared = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, count))
    return f'<!DOCTYPE r [<!ENTITY l0 "lol">{declared}]>'


@pytest.mark.parametrize("use", ["<r><a>&l9;</a></r>", "<r x='&l9;'><a/></r>", "<r><a/></r>"])
def test_a_billion_laughs_are_refused(split, combine, refused, within_memory, use):
    for run in (lambda text: split(at("//a"), text), lambda text: combine(into("all"), text)):
        with within_memory(5_000_000):
            code, _ = refused(run, laughs(10) + use)
        assert code in ("XmlEntities", "InvalidXml")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>',
        '<!DOCTYPE r [<!ENTITY x "plain">]>',
    ],
)
def test_declared_entities_are_refused_by_name(split, refused, doctype):
    code, message = refused(split, at("//a"), f"{doctype}<r><a/></r>")
    assert code == "XmlEntities"
    assert "(x)" in message


def test_a_dtd_that_lies_elsewhere_is_not_fetched(split, combine, tmp_path):
    (tmp_path / "r.dtd").write_text("<!ATTLIST a fetched CDATA 'yes'>")
    content = f'<!DOCTYPE r SYSTEM "{tmp_path}/r.dtd"><r><a/></r>'
    assert split(at("//a"), content) == [b"<a/>"]
    assert b"fetched" not in combine(into("all"), content)


@pytest.mark.parametrize("use", ["<a>x&nbsp;y</a>", "<a b='x&nbsp;y'/>"])
def test_references_into_a_dtd_that_is_not_fetched_lose_no_data_silently(split, combine, refused, use):
    content = f'<!DOCTYPE r SYSTEM "http://127.0.0.1:1/r.dtd"><r>\n{use}</r>'
    assert refused(split, at("//a"), content)[0] == "XmlEntities"
    assert refused(combine, into("all"), content)[0] == "XmlEntities"


@pytest.mark.parametrize(
    ("path", "content"), [("//order", "<r><Order/></r>"), ("/orders/order", "<r><order/></r>"), ("/b", "<a/>")]
)
def test_a_path_that_fits_nothing_says_what_is_there(split, refused, path, content):
    code, message = refused(split, at(path), content)
    assert code == "PathNotFound"
    assert message.startswith(f"no element fits {path}; there are ")


@pytest.mark.parametrize("path", ["", "order", "/", "//", "/a/", "/a/b[1]", "/a/@id", "/a/p:b", "a/b", "/a/text()", 7])
def test_a_path_that_cannot_be_followed_in_a_stream_is_refused_before_anything_runs(path):
    with pytest.raises(ValueError, match="path"):
        at(path)


def test_combining_wraps_the_root_elements_and_drops_what_is_before_them(combine):
    combined = combine(
        into("orders"),
        '<?xml version="1.0"?><!DOCTYPE order><!-- c --><order id="1"/>',
        "<?xml version='1.0' encoding='iso-8859-1'?><order>é</order>".encode("latin-1"),
        b"\xef\xbb\xbf<order/>",
    )
    assert combined.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<orders>\n<order id="1"/>\n<order>é</order>\n<order/>\n</orders>\n'
    )


def test_a_root_in_a_namespace_does_not_capture_the_documents(combine):
    root = etree.fromstring(combine(into("{urn:x}all"), "<a/>", '<b xmlns="urn:b"/>'))
    assert [root.tag, *(child.tag for child in root)] == ["{urn:x}all", "a", "{urn:b}b"]


def test_combining_nothing_gives_an_empty_root(combine):
    assert len(etree.fromstring(combine(into("all")))) == 0


@pytest.mark.parametrize("root", ["", "two words", "<a>", "1a", "a/b"])
def test_a_root_that_is_no_name_is_refused_before_anything_runs(root):
    with pytest.raises(ValueError, match="is no name of an element"):
        into(root)


@pytest.mark.parametrize("root", ["{no uri}a", "ªb", "{%}a"])
def test_a_root_that_only_the_library_refuses_is_a_document_error(combine, refused, root):
    assert refused(combine, into(root), "<a/>")[0] == "InvalidName"


@given(st.lists(TEXT))
def test_splitting_what_was_combined_gives_the_elements_back(split, combine, texts):
    elements = []
    for text in texts:
        element = etree.Element("order", id=text)
        element.text = text or None
        elements.append(etree.tostring(element, encoding="UTF-8", xml_declaration=False))
    assert split(at("/orders/order"), combine(into("orders"), *elements)) == elements


def test_deep_nesting_is_read_or_refused_but_never_a_crash(split, refused):
    nested = "<b>" * 1000 + "</b>" * 1000
    assert split(at("//a"), f"<r><a>{nested}</a></r>") == [f"<a>{nested}</a>".replace("<b></b>", "<b/>").encode()]
    assert refused(split, at("//a"), "<a>" * 1_000_000)[0] == "InvalidXml"


def test_ten_megabytes_in_one_text_and_in_one_attribute(split):
    part = f"<a>{'x' * 12_000_000}</a>".encode()
    assert split(at("//a"), b"<r>" + part + b"</r>") == [part]
    part = f'<a b="{"x" * 12_000_000}"/>'.encode()
    assert split(at("//a"), b"<r>" + part + b"</r>") == [part]


def test_a_large_file_is_split_in_little_memory(generated, split):
    """Elements live in the parser's own memory, so that the memory of the process is measured."""
    item = b"<other><x>" + b"y" * 500 + b"</x></other><!-- c --><order>" + b"x" * 500 + b"</order>\n"
    payload = generated(item, 60_000_000, head=b"<orders>", tail=b"</orders>")
    parts = at("/orders/order").split(payload)
    next(parts)
    before = resident()
    assert sum(1 for _ in parts) > 50_000
    assert resident() - before < 20_000_000


def resident():
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * 4096

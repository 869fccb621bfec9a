"""One XML document in memory, parsed without entities, DTDs or network, and asked with XPath."""

from __future__ import annotations

from typing import Any

from connector_sdk import DocumentError


def parse(content: bytes, resolver: Any = None) -> Any:
    """The root element; DocumentError with line and column where it is not well-formed.

    `resolver` answers to what is asked for while the document is used.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if resolver is not None:
        parser.resolvers.add(resolver)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"the document is not XML: {error.msg}", "InvalidXml") from error


def find(root: Any, path: str) -> Any:
    """A text, number or boolean; a list of texts where several nodes match; None where none does.

    Prefixes are those of the root element; its default namespace has the prefix `default`.
    """
    from lxml import etree

    namespaces = {prefix or "default": name for prefix, name in root.nsmap.items()}
    try:
        found = root.xpath(path, namespaces=namespaces)
    except etree.XPathError as error:
        raise DocumentError(f"'{path}' is no XPath: {error}", "InvalidPath") from error
    if not isinstance(found, list):
        return found
    texts = [str(node) if isinstance(node, str) else "".join(node.itertext()) for node in found]
    return None if not texts else texts[0] if len(texts) == 1 else texts

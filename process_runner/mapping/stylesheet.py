"""XSLT stylesheets, which see the document and their parameters and nothing else: no file, network or extension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed
from process_runner.formats import xml_document
from process_runner.language.beside import read_beside

_ACCESSES = ("read_file", "write_file", "create_dir", "read_network", "write_network")


class Stylesheet:
    """A stylesheet, compiled where it is first used; it pickles as its text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled: Any = None

    def apply(self, content: bytes, parameters: Mapping[str, str]) -> bytes:
        """The result in the form that `xsl:output` asks for; DocumentError where the document or a rule fails."""
        from lxml import etree

        document = xml_document.parse(content)
        given: dict[str, Any] = {name: etree.XSLT.strparam(text) for name, text in parameters.items()}
        try:
            result = self.compiled()(document, **given)
        except (etree.XSLTError, OSError) as error:
            raise DocumentError(f"the stylesheet failed: {error}", "StylesheetFailed") from error
        return bytes(result)

    def compiled(self) -> Any:
        """The transformation; ValueError where the text is no stylesheet."""
        if self._compiled is None:
            self._compiled = _compile(self._text)
        return self._compiled

    def __getstate__(self) -> str:
        return self._text

    def __setstate__(self, text: str) -> None:
        self.__init__(text)  # type: ignore[misc]  # a stylesheet is its text, compiled again where it arrives


def _compile(text: str) -> Any:
    from lxml import etree

    try:
        root = xml_document.parse(text.encode(), _refusing())
        return etree.XSLT(root, access_control=etree.XSLTAccessControl(**dict.fromkeys(_ACCESSES, False)), regexp=False)
    except DocumentError as error:
        raise ValueError(f"the stylesheet is not XML: {str(error).partition(': ')[2]}") from error
    except (etree.XSLTParseError, OSError) as error:
        raise ValueError(f"this is no XSLT: {error}") from error


def _refusing() -> Any:
    """A resolver that gives nothing: access control covers what runs, and not what is imported before."""
    from lxml import etree

    class Refusing(etree.Resolver):
        """Refuses every address."""

        def resolve(self, url: str, *_: Any) -> Any:
            raise OSError(f"a stylesheet can open no file and no address: {url}")

    return Refusing()


def _load(written: Any, context: Any) -> Stylesheet:
    if not isinstance(written, str):
        raise ValueError("expected a file or the text of a stylesheet")  # settings collect ValueError
    text = written if written.lstrip().startswith("<") else read_beside(written, context)
    stylesheet = Stylesheet(text)
    stylesheet.compiled()
    return stylesheet


Xslt = Annotated[Stylesheet, Parsed({"type": "string", "minLength": 1, "examples": ["invoice.xslt"]}, _load)]
"""A setting that is an XSLT stylesheet: a file beside the process, or the text itself."""

"""Text of an expression -> Statement; everything outside the dialect is refused with its place."""

from __future__ import annotations

from connectors.s3.select.cursor import Cursor
from connectors.s3.select.expressions import read_expression
from connectors.s3.select.faults import refusal
from connectors.s3.select.nesting import too_deep
from connectors.s3.select.paths import read_name, read_steps
from connectors.s3.select.tree import Item, Name, Node, Path, Source, Statement, Wildcard
from connectors.s3.select.values import MAX_INT

MAX_EXPRESSION = 256 << 10
MAX_DEPTH = 150
TOO_DEEP = f"the expression is nested too deep here; {MAX_DEPTH} levels of brackets and operators are allowed"


def parse(expression: str) -> Statement:
    """The statement that a text of at most 256 KB says; DocumentError with line and column otherwise."""
    size = len(expression.encode("utf-8", "surrogatepass"))
    if size > MAX_EXPRESSION:
        raise refusal(
            expression, 0, "ExpressionTooLong", f"the expression has {size} bytes; the service takes {MAX_EXPRESSION}"
        )
    cursor = Cursor(expression)
    try:
        statement = _statement(cursor)
    except RecursionError as error:
        raise cursor.refuse("UnsupportedSyntax", TOO_DEEP) from error
    if (offset := too_deep(statement, MAX_DEPTH)) is not None:
        raise cursor.refuse("UnsupportedSyntax", TOO_DEEP, offset)
    return statement


def _statement(cursor: Cursor) -> Statement:
    cursor.expect_word("select", "ParseUnsupportedSelect")
    items = _items(cursor)
    if not cursor.at_word("from"):
        raise cursor.unexpected("FROM", "ParseSelectMissingFrom")
    source = _source(cursor)
    where = _where(cursor)
    limit = _limit(cursor)
    if cursor.token.kind != "end":
        raise cursor.unexpected("WHERE, LIMIT or the end")
    if cursor.aggregates and cursor.plain is not None:
        raise cursor.refuse(
            "UnsupportedSqlStructure",
            "a column cannot stand beside an aggregate, because there is no GROUP BY; select aggregates only",
            cursor.plain,
        )
    _check_star(cursor, items, source)
    listed = () if isinstance(items, Path) else items
    return Statement(cursor.expression, listed, source, where, limit, cursor.aggregates > 0)


def _items(cursor: Cursor) -> tuple[Item, ...] | Path:
    """The SELECT list, or the path of a `*` (empty) or `s.*`."""
    start = cursor.token.offset
    if cursor.accept_symbol("*"):
        _alone(cursor)
        return Path((), start)
    items = [_item(cursor, 1)]
    if isinstance(star := items[0].node, Path) and star.steps[-1:] == (Wildcard("object"),):
        _alone(cursor)
        cursor.plain = start
        return star
    while cursor.accept_symbol(","):
        items.append(_item(cursor, len(items) + 1))
    return tuple(items)


def _alone(cursor: Cursor) -> None:
    if cursor.at_symbol(","):
        raise cursor.refuse(
            "ParseAsteriskIsNotAloneInSelectList", "* stands alone in a SELECT list; name the columns instead"
        )


def _item(cursor: Cursor, number: int) -> Item:
    if cursor.at_symbol("*"):
        raise cursor.refuse(
            "ParseAsteriskIsNotAloneInSelectList", "* stands alone in a SELECT list; name the columns instead"
        )
    node = _first_star(cursor) or read_expression(cursor)
    if cursor.accept_word("as") or cursor.is_name():
        return Item(node, read_name(cursor).text)
    return Item(node, _own_name(node) or f"_{number}")


def _first_star(cursor: Cursor) -> Path | None:
    """`s.*`, which is a path that only a SELECT list may hold."""
    if not (cursor.is_name() and cursor.following.value == "." and cursor.third.value == "*"):
        return None
    start = cursor.token.offset
    return Path((read_name(cursor), *read_steps(cursor)), start)


def _own_name(node: Node) -> str:
    last = node.steps[-1] if isinstance(node, Path) else None
    return last.text if isinstance(last, Name) else ""


def _check_star(cursor: Cursor, items: tuple[Item, ...] | Path, source: Source) -> None:
    if not isinstance(items, Path) or not items.steps:
        return
    first = items.steps[0]
    if len(items.steps) != 2 or not any(isinstance(first, Name) and first.matches(each.text) for each in source.names):
        names = " or ".join(f"{each.text}.*" for each in source.names)
        raise cursor.refuse("InvalidTableAlias", f"only * and {names} select whole records", items.offset)


def _source(cursor: Cursor) -> Source:
    cursor.inside = "FROM"
    offset = cursor.expect_word("from").offset
    _table(cursor)
    steps = read_steps(cursor)
    if steps and steps[0] != Wildcard("array"):
        raise cursor.refuse("UnsupportedSyntax", "a path starts with [*]: S3Object[*].path", offset)
    alias: tuple[Name, ...] = ()
    if cursor.accept_word("as") or cursor.is_name():
        alias = (read_name(cursor),)
    if cursor.at_symbol(","):
        raise cursor.refuse("MultipleDataSourcesUnsupported", "an expression reads one object; JOIN is not supported")
    return Source(steps[1:], alias or _implied(steps), offset)


def _implied(steps: tuple[object, ...]) -> tuple[Name, ...]:
    if len(steps) <= 1:
        return (Name("S3Object"), Name("_1"))
    return (steps[-1],) if isinstance(steps[-1], Name) else (Name("_1"),)


def _table(cursor: Cursor) -> None:
    if cursor.at_symbol("("):
        raise cursor.refuse("UnsupportedSqlStructure", "subqueries are not part of S3 Select; read from S3Object")
    if not cursor.at_word("s3object"):
        found = cursor.token.value or "the end"
        raise cursor.refuse("InvalidDataSource", f"found '{found}' after FROM; the only thing to read is S3Object")
    cursor.take()


def _where(cursor: Cursor) -> Node | None:
    if not cursor.accept_word("where"):
        return None
    cursor.inside = "WHERE"
    return read_expression(cursor)


def _limit(cursor: Cursor) -> int | None:
    if not cursor.accept_word("limit"):
        return None
    if cursor.at_symbol("-"):
        raise cursor.refuse("EvaluatorNegativeLimit", "LIMIT takes a number from 0")
    if cursor.token.kind != "integer" or len(cursor.token.value) > len(str(2**63)):
        raise cursor.unexpected("a whole number", "ParseExpectedNumber")
    return min(int(cursor.take().value), MAX_INT)

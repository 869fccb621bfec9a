"""What the dialect does not have is refused with the exact place, the service's code, and what would work."""

import pytest

from connector_sdk import DocumentError
from connectors.s3.select.parser import MAX_EXPRESSION, parse

REFUSED = [
    ("", "1:1", "ParseUnsupportedSelect", "the expression ends where SELECT is expected"),
    ("INSERT INTO S3Object VALUES (1)", "1:1", "ParseUnsupportedSelect", "SELECT is expected"),
    ("SELECT", "1:7", "ParseUnexpectedTerm", "the expression ends"),
    ("SELECT 1", "1:9", "ParseSelectMissingFrom", "FROM is expected"),
    ("SELECT FROM S3Object", "1:8", "ParseUnexpectedTerm", "found 'FROM'"),
    ("SELECT a FROM S3Object GROUP BY a", "1:24", "UnsupportedSqlStructure", "GROUP BY is not part"),
    ("SELECT a\nFROM S3Object\n  ORDER BY a", "3:3", "UnsupportedSqlStructure", "order of the object"),
    ("SELECT a FROM S3Object s HAVING a > 1", "1:26", "UnsupportedSqlStructure", "WHERE"),
    ("SELECT a FROM S3Object s JOIN S3Object t ON 1 = 1", "1:26", "UnsupportedSqlStructure", "one object"),
    ("SELECT a FROM S3Object LEFT JOIN x ON 1 = 1", "1:24", "UnsupportedSqlStructure", "one object"),
    ("SELECT a FROM S3Object s, S3Object t", "1:25", "MultipleDataSourcesUnsupported", "one object"),
    ("SELECT a FROM (SELECT * FROM S3Object)", "1:15", "UnsupportedSqlStructure", "subqueries"),
    ("SELECT (SELECT 1 FROM S3Object) FROM S3Object", "1:9", "UnsupportedSqlStructure", "subqueries"),
    ("SELECT a FROM S3Object WHERE a IN (SELECT 1 FROM b)", "1:36", "UnsupportedSqlStructure", "subqueries"),
    ("SELECT a FROM S3Object WHERE EXISTS (SELECT 1)", "1:30", "UnsupportedSqlStructure", "EXISTS"),
    ("SELECT a FROM S3Object UNION SELECT b FROM S3Object", "1:24", "UnsupportedSqlStructure", "UNION"),
    ("SELECT DISTINCT a FROM S3Object", "1:8", "UnsupportedSqlStructure", "DISTINCT"),
    ("SELECT DISTINCT (a) FROM S3Object", "1:8", "UnsupportedSqlStructure", "DISTINCT"),
    ("SELECT COUNT(DISTINCT a) FROM S3Object", "1:14", "UnsupportedSqlStructure", "DISTINCT"),
    ("SELECT a FROM S3Object LIMIT 1 OFFSET 2", "1:32", "UnsupportedSqlStructure", "OFFSET"),
    ("SELECT a FROM S3Object LIMIT -1", "1:30", "EvaluatorNegativeLimit", "from 0"),
    ("SELECT a FROM S3Object LIMIT 1.5", "1:30", "ParseExpectedNumber", "whole number"),
    ("SELECT a FROM S3Object LIMIT 1 WHERE b", "1:32", "ParseUnexpectedToken", "found 'WHERE'"),
    ("WITH t AS (SELECT 1) SELECT * FROM t", "1:1", "ParseUnsupportedSelect", "SELECT is expected"),
    ("SELECT *, a FROM S3Object", "1:9", "ParseAsteriskIsNotAloneInSelectList", "alone"),
    ("SELECT a, * FROM S3Object", "1:11", "ParseAsteriskIsNotAloneInSelectList", "alone"),
    ("SELECT t.* FROM S3Object s", "1:8", "InvalidTableAlias", "s.*"),
    ("SELECT s.a.* FROM S3Object s", "1:8", "ParseInvalidPathComponent", "after FROM"),
    ("SELECT s.a[*] FROM S3Object s", "1:8", "ParseInvalidPathComponent", "after FROM"),
    ("SELECT s.a[-1] FROM S3Object s", "1:12", "ParseInvalidPathComponent", "index from 0"),
    ("SELECT a FROM S3Object.path", "1:10", "UnsupportedSyntax", "S3Object[*].path"),
    ("SELECT a FROM S3Object[0]", "1:10", "UnsupportedSyntax", "S3Object[*].path"),
    ("SELECT a FROM orders", "1:15", "InvalidDataSource", "only thing to read is S3Object"),
    ("SELECT a, COUNT(*) FROM S3Object", "1:8", "UnsupportedSqlStructure", "no GROUP BY"),
    ("SELECT COUNT(*) + a FROM S3Object", "1:19", "UnsupportedSqlStructure", "no GROUP BY"),
    ("SELECT a FROM S3Object WHERE COUNT(*) > 1", "1:30", "UnsupportedSqlStructure", "inside WHERE"),
    ("SELECT SUM(AVG(a)) FROM S3Object", "1:12", "UnsupportedSqlStructure", "inside another aggregate"),
    ("SELECT SUM(*) FROM S3Object", "1:12", "ParseUnsupportedCallWithStar", "SUM(column)"),
    ("SELECT SUM(a, b) FROM S3Object", "1:13", "ParseNonUnaryAgregateFunctionCall", "')'"),
    ("SELECT LENGTH(a) FROM S3Object", "1:8", "UnsupportedFunction", "did you mean CHAR_LENGTH?"),
    ("SELECT REPLACE(a, 'x', 'y') FROM S3Object", "1:8", "UnsupportedFunction", "REPLACE is not a function"),
    ("SELECT LOWER(a, b) FROM S3Object", "1:8", "EvaluatorInvalidArguments", "takes 1 arguments, not 2"),
    ("SELECT NULLIF(a) FROM S3Object", "1:8", "EvaluatorInvalidArguments", "takes 2 arguments, not 1"),
    ("SELECT UTCNOW(1) FROM S3Object", "1:8", "EvaluatorInvalidArguments", "takes 0 arguments, not 1"),
    ("SELECT SUBSTRING(a) FROM S3Object", "1:19", "ParseExpectedArgumentDelimiter", "FROM or a comma"),
    ("SELECT DATE_ADD(week, 1, a) FROM S3Object", "1:17", "ParseExpectedDatePart", "year, month"),
    ("SELECT EXTRACT(epoch FROM a) FROM S3Object", "1:16", "ParseExpectedDatePart", "timezone_hour"),
    ("SELECT CAST(a AS VARCHAR) FROM S3Object", "1:18", "ParseExpectedTypeName", "there are bool, int"),
    ("SELECT CAST(a, INT) FROM S3Object", "1:14", "ParseExpectedKeyword", "AS is expected"),
    ("SELECT s.CAST FROM S3Object s", "1:10", "ParseExpectedIdentForAlias", 'write "CAST"'),
    ("SELECT date FROM S3Object", "1:8", "ParseUnexpectedTerm", 'write "date"'),
    ("SELECT CASE END FROM S3Object", "1:13", "ParseUnexpectedTerm", "found 'END'"),
    ("SELECT CASE a END FROM S3Object", "1:15", "ParseExpectedWhenClause", "WHEN is expected"),
    ("SELECT a FROM S3Object WHERE a IS TRUE", "1:35", "ParseUnexpectedToken", "NULL or MISSING"),
    ("SELECT a FROM S3Object WHERE a == 1", "1:33", "ParseUnexpectedTerm", "found '='"),
    ("SELECT a FROM S3Object WHERE a ILIKE 'b'", "1:32", "ParseUnexpectedToken", "found 'ILIKE'"),
    ("SELECT a FROM S3Object WHERE (1, 2) = a", "1:32", "UnsupportedSyntax", "after IN"),
    ("SELECT [1, 2] FROM S3Object", "1:8", "ParseUnexpectedTerm", "found '['"),
    ("SELECT 'open FROM S3Object", "1:8", "LexerInvalidLiteral", "a text is not closed"),
    ('SELECT "open FROM S3Object', "1:8", "LexerInvalidLiteral", "a quoted name is not closed"),
    ("SELECT 12abc FROM S3Object", "1:8", "LexerInvalidLiteral", "number runs into a name"),
    ("SELECT a ? b FROM S3Object", "1:10", "LexerInvalidChar", "'?'"),
    ("SELECT `then` FROM S3Object", "1:8", "LexerInvalidIONLiteral", "not a timestamp"),
    ("SELECT a FROM S3Object;", "1:23", "LexerInvalidChar", "without a semicolon"),
    ("SELECT (1 FROM S3Object", "1:11", "ParseExpectedTokenType", "')' is expected"),
]


@pytest.mark.parametrize(("expression", "place", "code", "says"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_the_dialect_lacks_is_refused_with_its_place(expression, place, code, says):
    with pytest.raises(DocumentError) as caught:
        parse(expression)
    assert str(caught.value).startswith(f"expression:{place}: ")
    assert caught.value.code == code
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "deep", ["(" * 5000 + "1" + ")" * 5000, "NOT " * 5000 + "true", "- " * 5000 + "a", " + ".join(["a"] * 5000)]
)
def test_an_expression_nested_too_deep_is_refused_and_not_a_crash(from_csv, deep):
    with pytest.raises(DocumentError, match="nested too deep") as caught:
        from_csv(f"SELECT {deep.replace('a', '_1')} FROM S3Object s", "1\n")
    assert caught.value.code == "UnsupportedSyntax"


def test_thousands_of_alternatives_are_no_nesting(from_csv):
    many = " OR ".join(f"s._1 = '{number}'" for number in range(5000))
    assert from_csv(f"SELECT s._1 FROM S3Object s WHERE {many}", "x\n4999\n") == '{"_1":"4999"}\n'


def test_an_expression_has_at_most_256_kilobytes(from_csv):
    start, end = "SELECT _1 FROM S3Object WHERE _1 = '", "'"
    fits = start + "x" * (MAX_EXPRESSION - len(start + end)) + end
    assert len(fits.encode()) == MAX_EXPRESSION == 262144
    assert from_csv(fits, "y\n") == ""
    with pytest.raises(DocumentError, match="262145 bytes; the service takes 262144") as caught:
        parse(fits + " ")
    assert caught.value.code == "ExpressionTooLong"

"""Words of the dialect that cannot be names unless they stand in double quotes, and what to use for those it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS = """
    absolute action add all allocate alter and any are as asc assertion at authorization avg bag begin between bit
    bit_length blob bool boolean both by cascade cascaded case cast catalog char char_length character
    character_length check clob close coalesce collate collation column commit connect connection constraint
    constraints continue convert corresponding count create cross current current_date current_time
    current_timestamp current_user cursor date day deallocate dec decimal declare default deferrable deferred delete
    desc describe descriptor diagnostics disconnect distinct domain double drop else end escape except exception
    exec execute exists external extract false fetch first float for foreign found from full get global go goto
    grant group having hour identity immediate in index indicator initially inner input insensitive insert int
    integer intersect interval into is isolation join key language last leading left level like limit list local
    lower match max min minute missing module month names national natural nchar next no not null nullif numeric
    octet_length of on only open option or order outer output overlaps pad partial pivot position precision prepare
    preserve primary prior privileges procedure public read real references relative restrict revoke right rollback
    rows schema scroll second section select session session_user set sexp size smallint some space sql sqlcode
    sqlerror sqlstate string struct substring sum symbol system_user table temporary then time timestamp
    timezone_hour timezone_minute to trailing transaction translate translation trim true tuple union unique unknown
    unpivot update upper usage user using value values varchar varying view when whenever where with work write year
    zone
"""
RESERVED = frozenset(WORDS.split())

LACKING: Mapping[str, str] = MappingProxyType(
    {
        "group": "GROUP BY is not part of S3 Select; select the columns and group in a later step",
        "having": "HAVING is not part of S3 Select; filter records with WHERE",
        "order": "ORDER BY is not part of S3 Select; records come in the order of the object",
        "join": "JOIN is not part of S3 Select; an expression reads one object",
        "inner": "JOIN is not part of S3 Select; an expression reads one object",
        "left": "JOIN is not part of S3 Select; an expression reads one object",
        "right": "JOIN is not part of S3 Select; an expression reads one object",
        "full": "JOIN is not part of S3 Select; an expression reads one object",
        "cross": "JOIN is not part of S3 Select; an expression reads one object",
        "natural": "JOIN is not part of S3 Select; an expression reads one object",
        "union": "UNION is not part of S3 Select; run one expression per document",
        "intersect": "INTERSECT is not part of S3 Select; use AND in one WHERE",
        "except": "EXCEPT is not part of S3 Select; use AND NOT in one WHERE",
        "distinct": "DISTINCT is not part of S3 Select; remove duplicates in a later step",
        "offset": "OFFSET is not part of S3 Select; LIMIT is",
        "exists": "EXISTS is not part of S3 Select; subqueries are not supported",
        "select": "subqueries are not part of S3 Select; an expression is one SELECT",
        "unpivot": "UNPIVOT is not part of S3 Select",
        "at": "AT is not part of S3 Select",
    }
)

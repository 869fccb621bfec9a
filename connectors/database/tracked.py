"""Tracked properties: what actions tell of what they did."""

from connector_sdk import Tracked

TRACKED = (
    Tracked("table", "The table that was changed.", identifies=True),
    Tracked("row_count", "The rows that a document holds, or that it changed."),
    Tracked("batch", "The number of a query's document, from 1."),
    Tracked("columns", "The names of a query's columns, divided by commas."),
)
CHANGED = ("table", "row_count")
READ = ("row_count", "batch", "columns")

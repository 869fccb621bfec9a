"""Reference texts, made from the classes: for `describe` on the command line and for Markdown pages."""

from process_runner.reference.options import Option, options, summary
from process_runner.reference.pages import fill

__all__ = ["Option", "fill", "options", "summary"]

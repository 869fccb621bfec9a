"""The store: what outlives a run. Nothing is opened, and no library imported, before something is read or kept."""

from process_runner.store.location import VARIABLE, default_url
from process_runner.store.state import Runs, State

__all__ = ["VARIABLE", "Runs", "State", "default_url"]

"""Parcels: groups on their way to another operating system process on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from connector_sdk import Document
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.group import DocumentGroup
from process_runner.engine.spilled import Place, Spilled


@dataclass(frozen=True, slots=True)
class Parcel:
    """Few documents travel as they are; many, or large ones, in a folder that belongs to whoever opens the parcel."""

    documents: tuple[Document, ...] = ()
    folder: Path | None = None
    places: tuple[Place, ...] = ()


def pack(group: DocumentGroup) -> Parcel:
    """A parcel with the documents of a group, which stays as it is."""
    if group.is_plain:
        return Parcel(tuple(group))
    folder, places = group.packed().given_away()
    return Parcel(folder=folder, places=places)


def unpack(parcel: Parcel, runtime: LocalRuntime) -> DocumentGroup:
    """The group in a parcel; to be called once."""
    if parcel.folder is not None:
        return DocumentGroup.unpacked(Spilled(parcel.folder, parcel.places), runtime)
    group = DocumentGroup(runtime)
    group.extend(parcel.documents)
    return group

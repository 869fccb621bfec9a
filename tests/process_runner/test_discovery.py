"""Entry points are found as importlib.metadata finds them."""

import importlib.metadata
import os
import sys
import zipfile
from importlib.metadata import MetadataPathFinder

import pytest

from process_runner.discovery import EntryPoint, entry_points

GROUP = "a.group"


def standard(group):
    return [(each.name, each.value, each.group) for each in importlib.metadata.entry_points(group=group)]


def found(group=GROUP):
    return [tuple(each) for each in entry_points(group)]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes the information of a package into a folder that is on the path."""

    def write(folder, name, points, file="entry_points.txt"):
        (tmp_path / folder / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name / file).write_text(points, encoding="utf-8")
        place = str(tmp_path / folder)
        if place not in sys.path:
            monkeypatch.setattr(sys, "path", [*sys.path, place])
            importlib.invalidate_caches()

    return write


def test_every_group_that_is_installed_is_the_same():
    groups = importlib.metadata.entry_points().groups
    assert "connector_sdk.connectors" in groups
    assert {group: found(group) for group in groups} == {group: standard(group) for group in groups}


@pytest.mark.parametrize(
    "text",
    [
        f"[{GROUP}]\none = a.module\ntwo=a.module:Name.inner [extra]\n",
        f"[other]\none = x\n\n# a comment\n[{GROUP}]\n  # another\n  one   =   a.b  \n\n[more]\ntwo = y",
        f"[{GROUP}]\r\none = a\r\n",
        f"\n[{GROUP}]\nname with spaces = a\nwith.dots-and_more = b\n",
        "",
    ],
)
def test_a_file_says_the_same(package, text):
    package("here", "a-1.dist-info", text)
    package("here", "old-1.egg-info", text.replace("one", "old"))
    assert found() == standard(GROUP)


def test_of_a_package_that_is_there_twice_the_first_counts(package):
    package("first", "My.Package-1.dist-info", f"[{GROUP}]\none = first\n")
    package("second", "my_package-2.dist-info", f"[{GROUP}]\none = second\ntwo = second\n")
    assert found() == standard(GROUP) == [("one", "first", GROUP)]


def test_packages_are_in_the_order_of_the_path(package):
    package("first", "b-1.dist-info", f"[{GROUP}]\none = first\n")
    package("second", "a-1.dist-info", f"[{GROUP}]\none = second\n")
    assert found() == standard(GROUP) == [("one", "first", GROUP), ("one", "second", GROUP)]


def test_of_two_versions_in_a_folder_the_same_one_counts(package):
    for version in range(8):
        package("here", f"a-{version}.dist-info", f"[{GROUP}]\none = v{version}\n")
    assert found() == standard(GROUP)


def test_a_package_without_entry_points_hides_one_that_comes_later(package):
    package("first", "mine-1.dist-info", "Name: mine\n", "METADATA")
    package("second", "mine-2.dist-info", f"[{GROUP}]\none = second\n")
    assert found() == standard(GROUP) == []


def test_what_is_no_folder_harms_nobody(package, tmp_path, monkeypatch):
    package("here", "a-1.dist-info", f"[{GROUP}]\none = a\n")
    (tmp_path / "here" / "file.egg-info").write_text("Name: file\n")
    (tmp_path / "here" / "b-1.dist-info" / "entry_points.txt").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "absent"), "", "x" * 5_000, tmp_path])
    assert found() == standard(GROUP) == [("one", "a", GROUP)]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_read_harms_nobody(package, tmp_path):
    package("here", "a-1.dist-info", f"[{GROUP}]\none = a\n")
    package("closed", "b-1.dist-info", f"[{GROUP}]\ntwo = b\n")
    (tmp_path / "closed").chmod(0)
    assert found() == [("one", "a", GROUP)]
    (tmp_path / "closed").chmod(0o700)


def test_a_package_in_an_archive_is_found(package, tmp_path, monkeypatch):
    package("here", "a-1.dist-info", f"[{GROUP}]\none = a\n")
    with zipfile.ZipFile(tmp_path / "b.whl", "w") as archive:
        archive.writestr("b-1.dist-info/entry_points.txt", f"[{GROUP}]\ntwo = b\n")
        archive.writestr("b-1.dist-info/METADATA", "Name: b\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "b.whl")])
    assert found() == standard(GROUP) == [("one", "a", GROUP), ("two", "b", GROUP)]


def test_a_package_that_a_finder_of_its_own_finds_is_found(tmp_path, monkeypatch, package):
    package("elsewhere", "c-1.dist-info", f"[{GROUP}]\nthree = c\n")
    monkeypatch.setattr(sys, "path", [each for each in sys.path if not each.endswith("elsewhere")])

    class Finder:
        """Knows a folder that is not on the path."""

        @staticmethod
        def find_spec(*_):
            return None

        @staticmethod
        def find_distributions(context):
            return MetadataPathFinder.find_distributions(type(context)(path=[str(tmp_path / "elsewhere")]))

    assert found() == []
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert found() == standard(GROUP) == [("three", "c", GROUP)]


def test_what_is_named_is_loaded():
    assert EntryPoint("a", "os", GROUP).load() is os
    assert EntryPoint("a", " os.path : join ", GROUP).load() is os.path.join
    assert EntryPoint("a", "zipfile:ZipFile.open [extra]", GROUP).load() is zipfile.ZipFile.open
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        EntryPoint("a", "no_such_module", GROUP).load()
    with pytest.raises(AttributeError, match="no_such_name"):
        EntryPoint("a", "os:no_such_name", GROUP).load()

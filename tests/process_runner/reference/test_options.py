"""What a schema says, as rows."""

from typing import Annotated, Literal

from connector_sdk import Secret, Settings, setting
from process_runner.reference import options


class Plain(Settings):
    """No encryption."""

    type: Literal["none"] = setting("No encryption.")


class Keyed(Settings):
    """A key."""

    type: Literal["keyed"] = setting("With a key.")
    key: Secret = setting("The key.")


class Everything(Settings):
    """A bit of everything."""

    place: str = setting("Where.")
    token: Secret | None = setting("A token.", None)
    count: int = setting("How many.", 3, dynamic=True)
    names: list[str] = setting("Which.", [])
    encryption: Plain | Keyed = setting("How.", Plain(type="none"), discriminator="type")


def rows():
    return {row.name: row for row in options(Everything.json_schema())}


def test_a_setting_without_default_is_required():
    assert (rows()["place"].type, rows()["place"].marks) == ("text", ("required",))


def test_a_secret_is_marked_also_where_it_is_optional():
    assert rows()["token"].marks == ("secret",)


def test_limits_stand_with_the_type():
    class Limited(Settings):
        """Has limits."""

        size: int = setting("A size.", 5, ge=5, le=2048)
        wait: float | None = setting("A wait.", None, gt=0, lt=9)
        name: str = setting("A name.", "x", max_length=8)
        keys: list[str] = setting("Keys.", min_length=1, max_length=3)

    found = {row.name: row.type for row in options(Limited.json_schema())}
    assert found == {
        "size": "whole number from 5 to 2048",
        "wait": "number above 0 below 9",
        "name": "text, at most 8 characters",
        "keys": "list of text, at least 1, at most 3",
    }


def test_defaults_are_shown_as_yaml_writes_them():
    assert (rows()["count"].default, rows()["count"].marks) == ("3", ("dynamic",))
    assert rows()["names"].default == ""


def test_settings_inside_alternatives_are_listed_once_and_required_only_where_all_require_them():
    found = rows()
    assert found["encryption.type"].type == "`none` / `keyed`"
    assert found["encryption.type"].marks == ("required",)
    assert found["encryption.key"].marks == ("secret",)


def test_alternatives_that_differ_are_told_apart():
    class Text(Settings):
        """Text."""

        format: Literal["text"] = setting("Any text.")
        batch: int = setting("How many lines.", 1)

    class Rows(Settings):
        """Rows."""

        format: Literal["rows"] = setting("Rows.")
        batch: int = setting("How many rows.", 1)

    class Both(Settings):
        """Both."""

        split: Text | Rows = setting("How to split.", discriminator="format")

    found = {row.name: row.description for row in options(Both.json_schema())}
    assert found["split.batch"] == "`text`: How many lines. `rows`: How many rows."
    assert rows()["encryption.key"].description == "The key."


def test_settings_inside_a_mapping_stand_under_any_name():
    class Named(Settings):
        """Named."""

        fields: dict[str, str | Keyed] = setting("Fields.", {})

    assert [row.name for row in options(Named.json_schema())] == ["fields", "fields.NAME.type", "fields.NAME.key"]


def test_a_value_that_is_a_whole_loses_its_name():
    class Whole(Settings):
        """A whole."""

        parts: Annotated[list[Plain], "parts"] = setting("The parts.")

    assert [row.name for row in options(Whole.json_schema(), "parts")] == ["(the value)", "type"]

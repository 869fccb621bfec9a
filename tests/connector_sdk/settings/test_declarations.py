"""What a class of settings may declare, and slips that are told when it is made or first used."""

from __future__ import annotations

import abc
import typing as t
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest

from connector_sdk import Settings, SettingsError, setting

Client = TypeVar("Client")


class Later(Settings):
    """Names what is defined after it, what is inside it, and itself."""

    known: t.ClassVar[str] = "no setting"

    class Inner(Settings):
        """Inside."""

        size: int = setting("A size.", 1)

    inner: Inner = setting("Inside.", Inner())
    after: After | None = setting("After.", None)
    same: Later | None = setting("The same.", None)


class After(Settings):
    """Comes after."""

    size: int = setting("A size.", 2)


class Served(Settings, Generic[Client], abc.ABC):
    """Has a parameter, and an abstract base."""

    size: int = setting("A size.", 1)


def test_annotations_may_name_what_comes_later_is_inside_or_the_class_itself():
    made = Later.load({"after": {}, "same": {"inner": {"size": 3}}})
    assert (made.after.size, made.same.inner.size, made.inner.size, Later.known) == (2, 3, 1, "no setting")
    assert Later.json_schema()["$defs"]["Later"]["properties"]["same"]["anyOf"][0] == {"$ref": "#/$defs/Later"}
    assert Served[dict](size=2).size == 2


def test_classes_of_a_function_name_one_another():
    class One(Settings):
        """One."""

        size: int = setting("A size.", 1)

    class Base(Settings):
        """Counts those that derive from it."""

        def __init_subclass__(cls, **more):
            super().__init_subclass__(**more)

    class Two(Base):
        """Names the other one, and itself."""

        one: One = setting("The other.", One())
        same: Two | None = setting("The same.", None)

    assert Two.load({"same": {"one": {"size": 4}}}).same.one.size == 4


def test_a_mixin_of_settings_is_one_and_any_other_is_refused():
    class Plain:
        size: int = setting("A size.", 1)

    with pytest.raises(TypeError, match=r"^Plain\.size is a setting only where Plain derives from Settings$"):

        class Mixed(Plain, Settings):
            """Takes it along."""


@pytest.mark.parametrize("value", [5, setting("Another.", 5)])
def test_an_inherited_setting_is_not_hidden_without_a_type(value):
    with pytest.raises(TypeError, match=r"^Hiding\.size needs a type"):
        type("Hiding", (After,), {"size": value})


@pytest.mark.parametrize(
    ("name", "method"), [("load", lambda self: None), ("load", classmethod(len)), ("validate", lambda self, it: None)]
)
def test_methods_that_all_settings_have_keep_their_meaning(name, method):
    with pytest.raises(TypeError, match=rf"^Hiding\.{name} hides a method that all settings have; call it otherwise$"):
        type("Hiding", (Settings,), {name: method})


def odd(annotation, *default, **more):
    """A class with one setting."""
    return type("Odd", (Settings,), {"it": setting("It.", *default, **more), "__annotations__": {"it": annotation}})


@pytest.mark.parametrize(
    ("annotation", "more", "told"),
    [
        (str | None, {"ge": 1}, "ge: no type here has such a limit"),
        (str | None, {"min_lenght": 1}, "min_lenght: no type here has such a limit"),
        (Literal["a"], {"max_length": 1}, "max_length: there are no limits here"),
        (bool, {"ge": 1}, "ge: there are no limits here"),
        (int, {"ge": "x"}, "'x' is no limit"),
        (str, {"pattern": 5}, "5 is no limit"),
        (str, {"pattern": "("}, "missing ), unterminated subpattern"),
        (After | Later, {"discriminator": "kind"}, "the discriminator 'kind' is no setting of After with a Literal"),
        (After | Later, {"discriminator": "size"}, "the discriminator 'size' is no setting of After with a Literal"),
        ("no type at all", {}, "Forward reference must be an expression"),
    ],
)
def test_what_cannot_be_is_told_with_the_setting(annotation, more, told):
    with pytest.raises(TypeError) as caught:
        odd(annotation, **more).json_schema()
    assert str(caught.value).startswith(("the setting Odd.it: " + told, told))


def test_the_items_of_a_list_may_be_declared_like_a_setting():
    def even(value):
        return value % 2 == 0

    item = Annotated[int, setting("An even one.", ge=0, check=even, examples=[2], schema={"x-unit": "MiB"})]
    kind = odd(list[item], [])
    assert kind.json_schema()["properties"]["it"]["items"] == {
        "type": "integer",
        "minimum": 0,
        "description": "An even one.",
        "examples": [2],
        "x-unit": "MiB",
    }
    assert kind(it=[2, "4"]).it == [2, 4]
    with pytest.raises(SettingsError, match=r"^Odd: it\.0: the value is not possible; it\.1: .* at least 0$"):
        kind(it=[1, -2])


@pytest.mark.parametrize("default", [{"a": [1]}, [{"a": 1}]])
def test_what_is_inside_a_default_is_not_shared(default):
    kind = odd(Any, default)
    first = kind().it
    (first["a"] if isinstance(first, dict) else first).append(2)
    assert kind().it == default


def test_a_default_that_no_file_could_say_is_in_no_schema():
    assert "default" not in odd(Any, object()).json_schema()["properties"]["it"]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"), [("^a$", "a\n", False), ("^a$", "a", True), (r"a\$", "a$\n", True)]
)
def test_the_end_of_a_pattern_is_the_end_of_the_text(pattern, text, fits):
    kind = odd(str, pattern=pattern)
    if fits:
        assert kind(it=text).it == text
    else:
        with pytest.raises(SettingsError, match="the value must match"):
            kind(it=text)


@pytest.mark.parametrize("value", [1, 1.0, "1", "y", "T", True])
def test_true_is_what_a_row_or_a_property_has_for_it(value):
    assert odd(bool)(it=value).it is True


@pytest.mark.parametrize("annotation", [float | int, int | float, float | int | None])
def test_a_whole_number_stays_one_where_it_may(annotation):
    kind = odd(annotation)
    assert (type(kind(it=1).it), type(kind(it=1.5).it)) == (int, float)


def test_classes_of_one_name_have_schemas_of_their_own():
    def made(size):
        return type("Made", (Settings,), {"it": setting("It.", size), "__annotations__": {"it": int}})

    one, two, three = (made(size) for size in (1, 2, 3))
    schema = odd(one | two | three).json_schema()
    defaults = [each["properties"]["it"]["default"] for each in schema["$defs"].values()]
    assert sorted(defaults) == [1, 2, 3]


@pytest.mark.parametrize("written", [None, ["size"], "size", 5])
def test_only_a_mapping_can_be_loaded(written):
    with pytest.raises(SettingsError, match=r"^After: expected a mapping$"):
        After.load(written)

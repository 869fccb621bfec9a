"""What may be annotated: its JSON Schema and its values agree, and faults are told where they are."""

import pickle
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from connector_sdk import ConfigError, Parsed, Secret, Settings, SettingsError, setting
from connector_sdk.settings import fields, overridden, plain, replaced
from connector_sdk.settings import given as given_names


class Leaf(Settings):
    """A leaf."""

    kind: Literal["leaf"] = setting("Its kind.")
    size: int = setting("Its size.", 1, ge=1, le=5)


class Fork(Settings, schema={"minProperties": 2}):
    """A fork."""

    kind: Literal["fork"] = setting("Its kind.")
    ways: "tuple[Leaf | Fork, ...]" = setting("Where it goes.", (), discriminator="kind")


class Everything(Settings):
    """Every form."""

    text: str = setting("A text.", "t", min_length=1, max_length=3, pattern="^[a-z]*$")
    count: int = setting("A count.", 2, ge=1, lt=9)
    weight: float = setting("A weight.", 1.5, gt=0, le=2)
    sure: bool = setting("Whether.", True)
    choice: Literal["a", "b"] = setting("One of two.", "a")
    anything: Any = setting("Anything.", None)
    none: str | None = setting("A text or nothing.", None, min_length=2)
    names: tuple[str, ...] = setting("Names.", (), max_length=2)
    waits: list[Annotated[float, setting("Seconds.", ge=0)]] = setting("Waits.", [1])
    table: dict[str, int] = setting("Numbers.", {}, min_length=0, max_length=2)
    free: dict[str, Any] = setting("Anything by name.", {})
    mixed: str | int | float | bool = setting("A scalar.", "x")
    leaf: Leaf | None = setting("A leaf.", None)
    tree: Leaf | Fork | None = setting("A tree.", None, discriminator="kind")
    either: Leaf | str = setting("A leaf or a text.", "x")
    called: str = setting("By another name.", "x", alias="if")


UNKNOWN = "there is no such setting"
KEYS = [field.key for field in fields(Everything).values()]
SCALARS = (
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats(-1, 3) | st.sampled_from(["", "a", "ab", "abcd", "B"])
)
LEAVES = st.fixed_dictionaries({}, optional={"kind": st.sampled_from(["leaf", "fork", "x"]), "size": SCALARS})
TREES = st.recursive(LEAVES, lambda inner: st.fixed_dictionaries({"kind": st.just("fork"), "ways": st.lists(inner)}))
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.sampled_from("xyz"), SCALARS) | TREES
VALIDATOR = Draft202012Validator(Everything.json_schema())


def loaded(written):
    try:
        return Everything.load(written)
    except SettingsError as error:
        return error


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from([*KEYS, "unknown"]), VALUES, max_size=4))
def test_what_the_schema_accepts_can_be_made(written):
    wrong = {str(next(iter(error.absolute_path), "")) for error in VALIDATOR.iter_errors(written)}
    made = loaded(written)
    if not wrong:
        assert not isinstance(made, SettingsError), made
        assert Everything.load(plain(made)) == made
        assert given_names(made) == {"called" if name == "if" else name for name in written}
    elif isinstance(made, SettingsError):
        assert {str(fault.path[0]) for fault in made.faults} <= {*wrong, "unknown"}
    else:
        assert "unknown" not in written


def test_the_schema_is_one():
    Draft202012Validator.check_schema(Everything.json_schema())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        *(("count", text, 5) for text in ("5", " 5 ", "+5", "5.0")),
        *(("weight", text, 0.5) for text in ("0.5", ".5", "5e-1", " 0.5")),
        *(("sure", text, True) for text in ("true", "Yes", "ON", "1")),
        *(("sure", text, False) for text in ("false", "No", "off", "0")),
        ("mixed", "5", "5"),
        ("none", "null", "null"),
    ],
)
def test_a_text_stands_for_what_it_says_where_nothing_else_could_be_meant(name, text, value):
    made = getattr(Everything.load({name: text}), name)
    assert (made, type(made)) == (value, type(value))


@pytest.mark.parametrize(("name", "value", "made"), [("count", 3.0, 3), ("weight", 1, 1.0)])
def test_a_number_is_of_the_type_that_is_annotated(name, value, made):
    found = getattr(Everything.load({name: value}), name)
    assert (found, type(found)) == (made, type(made))


@pytest.mark.parametrize(
    ("written", "path", "text"),
    [
        ({"text": 1}, ("text",), "expected a text"),
        ({"text": ""}, ("text",), "the value must have at least 1 characters"),
        ({"text": "ABC"}, ("text",), "the value must match ^[a-z]*$"),
        ({"count": "1_0"}, ("count",), "expected a whole number"),
        ({"count": True}, ("count",), "expected a whole number"),
        ({"count": 1.5}, ("count",), "expected a whole number"),
        ({"count": "9" * 5_000}, ("count",), "expected a whole number"),
        ({"count": 9}, ("count",), "the value must be less than 9"),
        ({"weight": float("nan")}, ("weight",), "expected a number"),
        ({"weight": float("inf")}, ("weight",), "expected a number"),
        ({"weight": "nan"}, ("weight",), "expected a number"),
        ({"weight": 10**400}, ("weight",), "expected a number"),
        ({"sure": 2}, ("sure",), "expected true or false"),
        ({"sure": "perhaps"}, ("sure",), "expected true or false"),
        ({"choice": "c"}, ("choice",), "expected 'a' or 'b'"),
        ({"names": "ab"}, ("names",), "expected a list"),
        ({"names": ["a", 1]}, ("names", 1), "expected a text"),
        ({"waits": [0, -1]}, ("waits", 1), "the value must be at least 0"),
        ({"table": []}, ("table",), "expected a mapping"),
        ({"table": {1: 1}}, ("table",), "expected texts as keys"),
        ({"table": {"a": "b"}}, ("table", "a"), "expected a whole number"),
        ({"leaf": 1}, ("leaf",), "expected a mapping or nothing"),
        ({"leaf": {"kind": "leaf", "size": 6}}, ("leaf", "size"), "the value must be at most 5"),
        ({"leaf": {}}, ("leaf", "kind"), "it is missing"),
        (
            {"tree": {"kind": "fork", "ways": [{"kind": "leaf", "x": 1}]}},
            ("tree", "ways", 0, "x"),
            "there is no such setting",
        ),
        ({"either": 5}, ("either",), "expected a mapping or a text"),
        ({"mixed": []}, ("mixed",), "expected a text, a whole number, a number or true or false"),
        ({"none": "a"}, ("none",), "the value must have at least 2 characters"),
        ({"if": 1}, ("if",), "expected a text"),
        ({"iff": "x"}, ("iff",), UNKNOWN),
    ],
)
def test_a_fault_is_told_at_its_place(written, path, text):
    error = loaded(written)
    assert isinstance(error, SettingsError)
    assert [(fault.path, fault.text) for fault in error.faults] == [(path, text)]
    assert str(error) == f"Everything: {'.'.join(map(str, path))}: {text}"


def test_every_fault_is_told_at_once():
    error = loaded({"text": 1, "count": 0, "waits": ["x", -1], "unknown": 1})
    assert [fault.path for fault in error.faults] == [("text",), ("count",), ("waits", 0), ("waits", 1), ("unknown",)]
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


def test_a_name_of_python_stands_for_the_key_too():
    assert Everything(called="y") == Everything.load({"if": "y"}) == Everything.load({"called": "y"})


def test_values_are_copies_without_what_a_reader_of_files_noted():
    class Noted(str):
        __slots__ = ("line",)

    written = {"names": [Noted("a")], "table": {Noted("k"): 1}}
    made = Everything.load(written)
    assert (type(made.names), type(made.names[0]), [*map(type, made.table)]) == (tuple, str, [str])
    written["table"]["l"] = 2
    assert made.table == {"k": 1}


class Checked(Settings):
    """Two that go together."""

    low: int = setting("The least.", 1)
    high: int = setting("The most.", 5, check=lambda value: value % 2 or refuse("an odd number is needed"))

    def validate(self):
        if self.low > self.high:
            raise ValueError("low is above high")


def refuse(text):
    raise ValueError(text)


def test_a_check_is_told_at_its_setting_and_before_settings_are_held_together():
    with pytest.raises(SettingsError) as caught:
        Checked.load({"low": 9, "high": 4})
    assert [(fault.path, fault.text, fault.told) for fault in caught.value.faults] == [
        (("high",), "an odd number is needed", True)
    ]


def test_what_does_not_go_together_is_told_of_the_whole():
    class Outer(Settings):
        """Holds one."""

        inner: Checked = setting("One.", Checked())

    with pytest.raises(SettingsError) as caught:
        Outer.load({"inner": {"low": 9}})
    assert [(fault.path, fault.text) for fault in caught.value.faults] == [(("inner",), "low is above high")]
    assert str(caught.value) == "Outer: inner: low is above high"


def test_a_wrong_default_is_told_when_it_is_used():
    class Wrong(Settings):
        """Has a default that cannot be."""

        size: int = setting("A size.", 0, ge=1)

    assert Wrong(size=2).size == 2
    with pytest.raises(SettingsError, match="size: the value must be at least 1"):
        Wrong()


def test_a_changed_copy_knows_what_was_given():
    made = Checked(low=2)
    other = replaced(made, high=4)
    assert (other.low, other.high, given_names(other)) == (2, 4, {"low", "high"})
    assert (made.high, given_names(made)) == (5, {"low"})


def test_overriding_loads_and_checks_what_is_new():
    assert overridden(Checked(low=2), {"high": "7"}) == Checked(low=2, high=7)
    with pytest.raises(SettingsError, match="low is above high"):
        overridden(Checked(low=2), {"high": 1})
    with pytest.raises(SettingsError, match="high: an odd number is needed"):
        overridden(Checked(low=2), {"high": "4"})


def test_settings_are_equal_hashed_and_pickled_by_their_values():
    one, other = Everything(count=3), Everything(count=3)
    same = pickle.loads(pickle.dumps(one))
    assert one == other == same != Everything(count=4)
    assert (given_names(same), repr(same)) == ({"count"}, repr(one))
    assert hash(Checked(low=2)) == hash(Checked(low=2))
    assert Checked() != Leaf(kind="leaf")


def test_a_secret_is_not_shown_and_is_equal_to_the_same():
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {plain([secret])}"
    assert (secret, len(secret), hash(secret)) == (Secret("hunter2"), 7, hash(Secret("hunter2")))
    assert (secret == "hunter2", secret.get_secret_value(), str(Secret(""))) == (False, "hunter2", "")


def test_fields_are_inherited_in_order_and_overridden_in_place():
    class First(Settings):
        a: int = setting("A.", 1)
        b: int = setting("B.", 2)

    class Second(Settings):
        c: int = setting("C.", 3)

    class Both(Second, First):
        a: str = setting("Another A.", "x")

    assert list(fields(Both)) == ["a", "b", "c"]
    assert (Both().a, Both().b, Both().c) == ("x", 2, 3)


def test_a_class_of_any_keys_keeps_them_as_they_are():
    class Loose(Checked, takes_any=True):
        """Takes anything."""

    made = Loose(low="2", other=[1])
    assert (made.low, made.other, given_names(made)) == (2, [1], {"low", "other"})
    assert made == Loose(low=2, other=[1]) != Loose(low=2, other=[2])
    assert Loose.json_schema()["additionalProperties"] is True


@pytest.mark.parametrize(
    ("annotation", "limits", "told"),
    [
        (complex, {}, "no setting can be complex: it can be str, int"),
        (tuple[int, str], {}, "no setting can be tuple"),
        (dict[int, str], {}, "no setting can be dict"),
        ("Unknown", {}, "name 'Unknown' is not defined"),
        (str, {"ge": 1}, "ge: the limits here are min_length, max_length, pattern"),
        (int, {"minimum": 1}, "minimum: the limits here are ge, gt, le, lt"),
    ],
)
def test_a_type_that_no_setting_can_have_is_told_with_its_name(annotation, limits, told):
    class Odd(Settings):
        """Odd."""

        it: annotation = setting("It.", **limits)

    for use in (Odd.json_schema, lambda: Odd(it=1)):
        with pytest.raises(TypeError) as caught:
            use()
        assert str(caught.value).startswith(f"the setting Odd.it: {told}")


def test_a_setting_cannot_hide_a_method():
    with pytest.raises(TypeError, match=r'^Hiding\.load would hide .* write load_: \.\.\. = setting\(.*alias="load"'):

        class Hiding(Settings):
            """Hides."""

            load: int = setting("How much.", 1)


def test_what_is_parsed_tells_its_own_faults():
    def size(value, context):
        return Leaf.load({"kind": "leaf", "size": value}).size * (context or 1)

    class Holder(Settings):
        """Holds one."""

        it: Annotated[int, Parsed({"type": "integer"}, size)] = setting("It.", 2)

    assert (Holder().it, Holder.load({}, context=3).it, Holder.load({"it": 3}, context=2).it) == (2, 6, 6)
    with pytest.raises(SettingsError, match=r"it\.size: the value must be at most 5"):
        Holder.load({"it": 6})


def test_a_setting_without_a_type_is_told():
    with pytest.raises(TypeError, match=r"^Bare\.size needs a type: size: str = setting"):

        class Bare(Settings):
            """Has one."""

            size = setting("How much.", 1)


def test_two_settings_of_one_name_are_told():
    with pytest.raises(TypeError, match=r"^two settings of Twice are called size$"):

        class Twice(Settings):
            """Has two."""

            size: int = setting("How much.", 1)
            other: int = setting("How much else.", 1, alias="size")


def test_a_secret_default_is_in_no_schema():
    class Kept(Settings):
        """Has secrets from the start."""

        one: Secret = setting("A secret.", "hunter2")
        some: list[Secret] = setting("Secrets.", ["hunter2"])
        none: Secret | None = setting("Perhaps one.", None)

    class Outer(Settings):
        """Holds them."""

        inner: Kept = setting("Some.", Kept())

    assert "hunter2" not in str(Outer.json_schema())
    assert Kept.json_schema()["properties"]["none"]["default"] is None
    assert Outer().inner.one.get_secret_value() == "hunter2"


@pytest.mark.parametrize("error", [ValueError(" "), ValueError(), ConfigError("")])
def test_a_refusal_without_words_has_some(error):
    def refuse_all(value):
        raise error

    class Mute(Settings):
        """Says nothing."""

        size: int = setting("How much.", 1, check=refuse_all)

    with pytest.raises(SettingsError, match=r"^Mute: size: the value is not possible$"):
        Mute(size=2)


def test_a_check_may_be_a_question_and_raise_the_errors_of_the_sdk():
    class Loud(Settings):
        """Is loud."""

        text: str = setting("A text.", "A", check=str.isupper)

        def validate(self):
            if self.text == "NO":
                raise ConfigError("not that one")

    assert Loud(text="B").text == "B"
    for text, told in (("b", "^Loud: text: the value is not possible$"), ("NO", "^Loud: not that one$")):
        with pytest.raises(SettingsError, match=told):
            Loud(text=text)


@pytest.mark.parametrize("value", [5, ["9-17"], True])
def test_what_is_parsed_is_of_a_type_that_its_schema_has(value):
    class Opening(Settings):
        """Opens."""

        hours: Annotated[list[str], Parsed({"type": "string"}, lambda text, _: text.split("-"))] = setting(
            "Hours.", "9"
        )

    with pytest.raises(SettingsError, match=r"^Opening: hours: expected a text$"):
        Opening.load({"hours": value})

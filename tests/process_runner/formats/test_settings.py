"""The settings of every format, as a process writes them."""

import pickle

import jsonschema
import pytest

from connector_sdk import Settings, setting
from process_runner.formats import COMBINES, SPLITS, Combine, Split


class Operation(Settings):
    """As a process holds them."""

    split: Split | None = setting("How one is split.", None, discriminator="format")
    combine: Combine | None = setting("How many are combined.", None, discriminator="format")


WRITTEN = [
    {"split": {"format": "json", "path": "orders"}},
    {"split": {"format": "json"}},
    {"split": {"format": "lines", "batch": 100}},
    {"split": {"format": "csv", "delimiter": ";"}},
    {"split": {"format": "xml", "path": "//order"}},
    {"split": {"format": "xml", "path": "/orders/order", "encoding": "latin-1"}},
    {"split": {"format": "text", "separator": "---"}},
    {"combine": {"format": "json", "path": "orders"}},
    {"combine": {"format": "lines"}},
    {"combine": {"format": "csv", "header": False}},
    {"combine": {"format": "xml", "root": "orders"}},
    {"combine": {"format": "text", "separator": "\n", "header": "<", "footer": ">"}},
]


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_what_a_process_writes_fits_the_class_and_its_schema(written):
    jsonschema.validate(written, Operation.json_schema())
    operation = Operation.load(written)
    ((name, options),) = written.items()
    assert getattr(operation, name).format == options["format"]


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_settings_travel_to_other_processes(written):
    operation = Operation.load(written)
    assert pickle.loads(pickle.dumps(operation)) == operation


@pytest.mark.parametrize("settings", [*SPLITS, *COMBINES])
def test_every_setting_is_described(settings):
    schema = settings.json_schema()
    assert schema["description"]
    assert all(each["description"] for each in schema["properties"].values())


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="seperator"):
        Operation.load({"split": {"format": "text", "separator": "x", "seperator": "y"}})

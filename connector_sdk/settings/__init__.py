"""Settings: one class is the typed object, its JSON Schema and its reference page.

`settings.py` is the class that others derive from, `field.py` how one setting is declared. What may be annotated is
in `annotations.py`, which makes a form of it: `scalars.py` for one value, `containers.py` for values of values. A form
knows its JSON Schema and makes typed values of written ones.
"""

from connector_sdk.settings.errors import Fault, SettingsError
from connector_sdk.settings.field import Field, setting
from connector_sdk.settings.parsed import Parsed
from connector_sdk.settings.schema import plain
from connector_sdk.settings.secret import Secret
from connector_sdk.settings.settings import Settings, fields, given, overridden, replaced

__all__ = [
    "Fault",
    "Field",
    "Parsed",
    "Secret",
    "Settings",
    "SettingsError",
    "fields",
    "given",
    "overridden",
    "plain",
    "replaced",
    "setting",
]

"""Settings: one class is the typed object, its JSON Schema and its reference page.

`settings.py` is the class that others derive from, `declared.py` reads what a class says, `field.py` is how one setting
is declared. What may be annotated is in `annotations.py`, which makes a form of it: `scalars.py` for one value,
`containers.py` for values of values, `parsed.py` for what an author makes of a value. A form knows its JSON Schema,
which `schema.py` puts together, and makes typed values of written ones.
"""

from connector_sdk.settings.errors import Fault, SettingsError
from connector_sdk.settings.field import Field, setting
from connector_sdk.settings.parsed import Parsed
from connector_sdk.settings.schema import holds_secret, plain
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
    "holds_secret",
    "overridden",
    "plain",
    "replaced",
    "setting",
]

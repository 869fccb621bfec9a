"""The weather connector keeps the contract of the SDK."""

from contextlib import contextmanager
from pathlib import Path

from connector_sdk.testing import Case, Sample, Wrong, conformance

from connector_weather import CONNECTOR
from weather_server import KEY, served


@contextmanager
def weather():
    with served() as url:
        yield {"url": url, "key": KEY}


def station(name):
    return Sample(tracked={"station": name})


TestWeather = conformance(
    CONNECTOR,
    connection=weather,
    cases=[
        Case("stations"),
        Case("observe", good=station("Oslo"), bad=station("Atlantis"), names={"station": "station"}),
    ],
    wrong_settings=[Wrong({"url": "weather.example"}, at="url"), Wrong({"key": None}, at="key")],
    unreachable={"url": "http://127.0.0.1:9"},
    schema=Path(__file__).parents[1] / "connector.schema.json",
)

"""A connector for a weather service: its stations, and what they observe."""

import json
from collections.abc import Iterator
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request as Call
from urllib.request import urlopen

import connector_sdk as sdk


class Weather:
    """Calls of the service; each has a socket of its own, so threads may share it."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self._key = url.rstrip("/"), key

    def get(self, path: str) -> bytes:
        call = Call(f"{self.url}/{path}", headers={"Authorization": f"Bearer {self._key}"})
        try:
            with urlopen(call, timeout=30) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            with error:
                if error.code in (401, 403):
                    raise sdk.ProcessError(f"{self.url} refuses the key", "AccessDenied") from error
                raise sdk.ApplicationError(
                    f"{self.url} answers {error.code} {error.reason}", str(error.code)
                ) from error
        except (OSError, HTTPException) as error:
            raise sdk.ProcessError(f"{self.url} cannot be reached: {error}", "Unreachable") from error

    def stations(self) -> list[str]:
        return [str(name) for name in json.loads(self.get("stations"))]

    def ping(self) -> str:
        return f"{self.url} has {len(self.stations())} stations"


class WeatherConnection(sdk.Connection[Weather]):
    """A weather service and the key to it."""

    url: str = sdk.setting("Where it is.", pattern="^https?://", examples=["https://weather.example"])
    key: sdk.Secret = sdk.setting("The key that the service gave you.")

    def open(self, runtime: sdk.Runtime) -> Weather:
        return Weather(self.url, self.key.get_secret_value())

    def checks(self, client: Weather) -> Iterator[sdk.Check]:
        yield sdk.Check("network", client.ping, "look at the address and the key")

    def browse(self, client: Weather) -> list[str]:
        return client.stations()


class Stations(sdk.Operation[Weather]):
    """Find stations: an empty document for each."""

    action = "stations"
    sets = ("station",)

    def execute(self, client: Weather, request: sdk.Request) -> Iterator[sdk.Document]:
        return (request.output(station=name) for name in client.stations())


class Observe(sdk.Operation[Weather]):
    """Ask a station what it observes now; the answer is its JSON."""

    action = "observe"
    reads = ("station",)
    sets = ("station",)

    def execute(self, client: Weather, request: sdk.Request) -> Iterator[sdk.Document]:
        station = request.tracked("station")
        if station is None:
            raise sdk.DocumentError("no station is named; set weather.station", "NoStation")
        try:
            path = f"stations/{quote(station, safe='')}/now"
        except UnicodeEncodeError as error:
            raise sdk.DocumentError("the station's name is no text", "InvalidName") from error
        yield request.output(client.get(path), station=station)


STATION = sdk.Tracked("station", "The name of a station.", settable=True, identifies=True)
CONNECTOR = sdk.Connector("weather", "Weather", WeatherConnection, (Stations, Observe), (STATION,))


@sdk.hookimpl
def connectors() -> sdk.Connector:
    return CONNECTOR

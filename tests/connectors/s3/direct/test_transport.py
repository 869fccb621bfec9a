"""Transport: keys that no request can carry, and clients that are closed while others use them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector_sdk import ConfigError
from connectors.s3 import S3
from connectors.s3.service.transport import Transport


@pytest.mark.parametrize("requests", ["direct", "botocore"])
@pytest.mark.parametrize("name", ["access_key", "session_token"])
@pytest.mark.parametrize("secret", ["AKIA\n", "AKIA\r\nx-evil: 1", "AKIÄ"])
def test_keys_that_no_header_can_hold_are_an_error_of_the_setting_without_them(name, secret, requests):
    given = {"access_key": "A", "secret_key": "S", "requests": requests, name: secret}
    with pytest.raises(ConfigError, match="line break") as raised:
        Transport(S3.connection.load(given))
    assert raised.value.setting == (name,)
    assert "AKI" not in str(raised.value)


def test_closing_while_others_ask_leaves_no_connection_open(server, api, store):
    connection = S3.connection.load(store.connection)
    transport = Transport(connection)
    asking = threading.Barrier(5)

    def ask(number):
        client = transport.api("us-east-1", True, "path")
        asking.wait(30)
        for turn in range(8):
            key = f"{number}/{turn}"
            client.put_object(Bucket=store.bucket, Key=key, Body=key.encode())
            assert client.get_object(Bucket=store.bucket, Key=key)["Body"].read() == key.encode()
        return client

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(ask, number) for number in range(4)]
        asking.wait(30)
        transport.close()
        clients = [future.result() for future in futures]
    pools = [each for client in clients for each in client._places._pools.values()]
    assert pools
    assert all(not each._idle for each in pools)

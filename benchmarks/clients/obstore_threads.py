"""Rust's object_store from Python: `python obstore_threads.py up|down|list FOLDER BUCKET`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
from obstore.store import S3Store

action, folder, bucket = sys.argv[1:]
store = S3Store(
    bucket,
    endpoint=os.environ["ENDPOINT"],
    region="us-east-1",
    access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
    secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    client_options={"allow_http": True},
)


def names():
    for place, _, found in os.walk(folder):
        yield from (os.path.relpath(os.path.join(place, each), folder) for each in found)


def up(name):
    obstore.put(store, name, Path(folder, name))


def down(key):
    os.makedirs(os.path.dirname(os.path.join(folder, key)), exist_ok=True)
    with open(os.path.join(folder, key), "wb") as stream:
        for chunk in obstore.get(store, key).stream():
            stream.write(chunk)


def keys():
    for page in obstore.list(store):
        yield from (each["path"] for each in page)


with ThreadPoolExecutor(8) as pool:
    if action == "up":
        list(pool.map(up, names()))
    elif action == "down":
        list(pool.map(down, keys()))
    else:
        print(sum(1 for _ in keys()))

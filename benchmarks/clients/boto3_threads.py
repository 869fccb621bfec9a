"""What somebody would write on boto3: `python boto3_threads.py up|down|list FOLDER BUCKET`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3

action, folder, bucket = sys.argv[1:]
client = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1")


def names():
    for place, _, found in os.walk(folder):
        yield from (os.path.relpath(os.path.join(place, each), folder) for each in found)


def up(name):
    with open(os.path.join(folder, name), "rb") as stream:
        client.put_object(Bucket=bucket, Key=name, Body=stream.read(), ContentType="application/octet-stream")


def down(key):
    os.makedirs(os.path.dirname(os.path.join(folder, key)), exist_ok=True)
    content = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    with open(os.path.join(folder, key), "wb") as stream:
        stream.write(content)


def keys():
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (each["Key"] for each in page.get("Contents", ()))


with ThreadPoolExecutor(8) as pool:
    if action == "up":
        list(pool.map(up, names()))
    elif action == "down":
        list(pool.map(down, keys()))
    else:
        print(sum(1 for _ in keys()))

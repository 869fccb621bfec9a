"""The transfer manager of boto3: `python boto3_transfer.py up|down FOLDER BUCKET`."""

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
    client.upload_file(os.path.join(folder, name), bucket, name)


def down(key):
    os.makedirs(os.path.dirname(os.path.join(folder, key)), exist_ok=True)
    client.download_file(bucket, key, os.path.join(folder, key))


with ThreadPoolExecutor(8) as pool:
    if action == "up":
        list(pool.map(up, names()))
    else:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        list(pool.map(down, [each["Key"] for page in pages for each in page.get("Contents", ())]))

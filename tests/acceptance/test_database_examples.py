"""The examples between a database and S3 do what they say."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import boto3

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_rows_of_a_table_become_csv_objects(tmp_path, runner, store):
    example = Path(shutil.copytree(EXAMPLES / "database-to-s3", tmp_path / "example"))
    (example / "here.env.yaml").write_text(
        f"connections: {{storage: {{endpoint_url: '{store}', access_key: some-key, secret_key: some-secret}}}}"
    )
    answer = runner("run", ".", "--env", "here.env.yaml", "--json", cwd=example)
    assert (answer.code, answer.summary["status"]) == (0, "complete"), answer.stderr
    client = boto3.client(
        "s3", endpoint_url=store, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    listed = client.list_objects_v2(Bucket="shop-exports")["Contents"]
    contents = {
        each["Key"]: client.get_object(Bucket="shop-exports", Key=each["Key"])["Body"].read().decode()
        for each in listed
    }
    assert contents == {
        "orders/part-1.csv": "id,customer,day,total\n2,Ångström & Söner,2026-02-01,8\n"
        "3,O'Hara; DROP TABLE orders,2026-02-03,120.05\n4,東京コーヒー,2026-02-03,\n",
        "orders/part-2.csv": 'id,customer,day,total\n5,"Blue Ocean, Ltd",2026-02-14,9.99\n',
    }


def test_rows_of_a_table_need_no_account_in_the_sandbox(tmp_path, runner):
    example = Path(shutil.copytree(EXAMPLES / "database-to-s3", tmp_path / "example"))
    answer = runner("run", ".", "--sandbox", cwd=example)
    assert answer.code == 0, answer.stderr
    assert "shop-exports/orders/part-2.csv: 1 orders" in answer.stderr


def test_csv_objects_become_rows_and_done_again_change_nothing(tmp_path, runner):
    example = Path(shutil.copytree(EXAMPLES / "s3-to-database", tmp_path / "example"))
    for _ in range(2):
        answer = runner("run", ".", "--sandbox", "--json", cwd=example)
        assert (answer.code, answer.summary["status"]) == (0, "complete_with_warnings"), answer.stderr
        assert "stock/tuesday.csv was not loaded: upsert of table 'stock' failed: 23514" in answer.stderr
        with closing(sqlite3.connect(example / "stock.sqlite")) as connection:
            rows = connection.execute("SELECT * FROM stock ORDER BY article").fetchall()
        assert rows == [("coffee, ground", 7, 8.2), ("rice", 5, None), ("tea", 20, 3.4)]

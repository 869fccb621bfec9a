import pytest


@pytest.fixture
def stock(place):
    place.execute("CREATE TABLE stock (article varchar(20) PRIMARY KEY, shelf integer, count integer)")
    for row in [("tea", 1, 1), ("milk", 1, 2), ("rice", 2, 3)]:
        place.execute("INSERT INTO stock VALUES (?, ?, ?)", *row)
    return place


def rows(place):
    return place.execute("SELECT article, shelf, count FROM stock ORDER BY article")


def test_the_row_of_a_key_gets_new_values(stock, made):
    made(stock, "update", {"article": "tea", "count": 9}, [{"article": "milk", "shelf": None}], table="stock")
    assert rows(stock) == [("milk", None, 2), ("rice", 2, 3), ("tea", 1, 9)]


def test_other_columns_can_tell_rows_apart(stock, made):
    (told,) = made(stock, "update", {"shelf": 1, "count": 0}, table="stock", keys=["shelf"])
    assert told.tracked["database.row_count"] == "2"
    assert rows(stock) == [("milk", 1, 0), ("rice", 2, 3), ("tea", 1, 0)]


def test_a_document_whose_row_is_not_there_fails_alone_unless_told_otherwise(stock, serve, made):
    contents = [{"article": "tea", "count": 5}, [{"article": "rice", "count": 5}, {"article": "beer", "count": 5}]]
    results = serve(stock, "update", *contents, table="stock")
    assert [each.error and each.error.code for each in results] == [None, "NoSuchRow"]
    assert rows(stock) == [("milk", 1, 2), ("rice", 2, 3), ("tea", 1, 5)]
    told = made(stock, "update", *contents, table="stock", if_missing="ignore")
    assert [each.tracked["database.row_count"] for each in told] == ["1", "1"]


def test_a_key_that_matches_many_does_not_hide_one_that_matches_none(stock, told):
    contents = [{"shelf": 1, "count": 0}, {"shelf": 7, "count": 0}]
    assert told(stock, "update", contents, table="stock", keys=["shelf"])[0] == "NoSuchRow"
    assert ("tea", 1, 1) in rows(stock)


@pytest.mark.parametrize(
    ("content", "code"),
    [({"count": 1}, "MissingKey"), ({"article": "tea"}, "EmptyRow"), ({"article": "tea", "x": 1}, "UnknownColumn")],
)
def test_a_row_that_cannot_be_used_is_told(stock, told, content, code):
    assert told(stock, "update", content, table="stock")[0] == code


def test_delete_takes_the_rows_of_keys_and_says_how_many(stock, made):
    told = made(
        stock, "delete", {"article": "tea", "else": 1}, [{"article": "rice"}, {"article": "beer"}], table="stock"
    )
    assert [each.tracked["database.row_count"] for each in told] == ["1", "1"]
    assert rows(stock) == [("milk", 1, 2)]


def test_delete_can_demand_that_the_rows_are_there(stock, told):
    contents = [{"article": "tea"}, {"article": "beer"}]
    assert told(stock, "delete", contents, table="stock", if_missing="fail")[0] == "NoSuchRow"
    assert len(rows(stock)) == 3


def test_delete_without_a_key_deletes_nothing(stock, told):
    assert told(stock, "delete", {"article": None}, table="stock")[0] == "MissingKey"
    assert told(stock, "delete", {}, table="stock")[0] == "MissingKey"
    assert len(rows(stock)) == 3

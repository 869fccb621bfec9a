"""Shelves: values by key, in their order."""

import threading

from process_runner.engine.shelf import PAGE, Shelf


def test_values_of_a_key_come_in_the_order_in_which_they_were_put():
    shelf = Shelf()
    for number in range(PAGE * 2 + 5):
        shelf.put("a", str(number).encode())
        shelf.put("b", b"other")
    assert list(shelf.values("a")) == [str(number).encode() for number in range(PAGE * 2 + 5)]
    assert (shelf.first("a"), shelf.last("a")) == (b"0", str(PAGE * 2 + 4).encode())


def test_a_key_that_is_not_there_has_nothing():
    shelf = Shelf()
    assert (list(shelf.values("a")), shelf.first("a"), shelf.last("a")) == ([], None, None)


def test_a_removed_key_is_gone_and_can_be_filled_again():
    shelf = Shelf()
    shelf.put("a", b"1")
    shelf.put("b", b"2")
    shelf.remove("a")
    shelf.put("a", b"3")
    assert (list(shelf.values("a")), list(shelf.values("b"))) == ([b"3"], [b"2"])


def test_two_shelves_over_one_file_see_each_others_values(tmp_path):
    one, two = Shelf(tmp_path / "shelf"), Shelf(tmp_path / "shelf")
    one.put("a", b"1")
    two.put("a", b"2")
    assert list(one.values("a")) == list(two.values("a")) == [b"1", b"2"]


def test_threads_may_put_at_once():
    shelf = Shelf()
    threads = [
        threading.Thread(target=lambda: [shelf.put("a", str(number).encode()) for number in range(200)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, shelf.values("a"))) == sorted([*range(200)] * 4)

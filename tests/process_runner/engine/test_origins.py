"""Origins: the way into passages and out of them again."""

from hypothesis import given
from hypothesis import strategies as st

from process_runner.engine.origins import BITS, Numbers, inside, numbers, outside

places = st.integers(0, 2**BITS - 2)


@given(st.lists(places, min_size=1, max_size=30))
def test_what_went_in_comes_out_again_however_deep(way):
    origins, seen = (), []
    for number in way:
        seen.append(origins)
        origins = inside(number, origins)
        assert numbers(origins) == {number}
    for before in reversed(seen):
        origins = outside(origins)
        assert origins == before


@given(st.sets(places, min_size=1, max_size=9), places)
def test_a_combined_document_has_one_number_inside_and_all_its_origins_outside(combined, number):
    before = tuple(sorted(each for part in combined for each in inside(part, ())))
    within = inside(number, before)
    assert (numbers(within), outside(within)) == ({number}, before)


@given(st.lists(st.integers(0, 5_000)))
def test_numbers_are_a_set_in_their_order(given_numbers):
    kept, wanted = Numbers(given_numbers), set(given_numbers)
    assert (list(kept), len(kept), bool(kept)) == (sorted(wanted), len(wanted), bool(wanted))
    assert all((number in kept) is (number in wanted) for number in range(0, 5_010, 7))

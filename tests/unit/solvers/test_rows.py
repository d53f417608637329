from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest

from planner.solvers.rows import Need, Room, RowParty, RowPlan, in_block, seat_rows
from planner.solvers.seat_maps import Seat, SeatMap, build_seat_map, on_ticket, read_seat_map
from tests.bench.seats import make_coach

LAYOUTS = (("3+2", 85), ("3+2", 63), ("2+2", 48), ("coach", 49), ("coach", 45), ("numbered 3+2", 118))


def _parties(seats: int, dice: Random) -> list[RowParty]:
    """Exactly as many heads as seats; four employers, a tenth of the families with children."""
    parties: list[RowParty] = []
    while seats:
        size = min(dice.choices((1, 2, 3, 4, 5, 6, 7, 8), (52, 30, 8, 5, 2, 1, 1, 1))[0], seats)
        seats -= size
        employer = dice.choice((None, 0, 1, 2, 3))
        children = dice.choice((0, 0, 1, 2)) if size > 2 else int(size == 2 and dice.random() < 0.1)
        parties.append(RowParty(size=size, employer=employer, stop=(employer or 0) % 2, children=children))
    return parties


def _faults(room: Room, parties: Sequence[RowParty], plan: RowPlan) -> list[str]:
    """What is wrong with a plan, judged anew."""
    faults: list[str] = []
    taken = Counter(seat for seats in plan.seats for seat in seats)
    if [len(seats) for seats in plan.seats] != [party.size for party in parties]:
        faults.append("somebody is lost")
    if any(number > 1 for number in taken.values()):
        faults.append("two on one seat")
    if taken.keys() & room.reserved:
        faults.append("a reserved seat is taken")
    for number, (party, seats) in enumerate(zip(parties, plan.seats, strict=True)):
        if party.need is Need.FRONT and (seats[0] in room.front) == (number in plan.unmet):
            faults.append(f"{number} needs a front seat")
        if party.need is Need.WHEELCHAIR and (seats[0] in room.wheelchair) == (number in plan.unmet):
            faults.append(f"{number} needs a wheelchair seat")
    return faults


def _rows_apart(room: Room, seats: Sequence[int]) -> int:
    rows = [room.seat_map.seats[seat].row for seat in seats]
    return max(rows) - min(rows)


def _beside(room: Room, one: int, other: int) -> bool:
    a, b = room.seat_map.seats[one], room.seat_map.seats[other]
    return a.row == b.row and abs(a.place - b.place) == 1


@pytest.mark.parametrize(("layout", "seats"), LAYOUTS)
def test_full_carriages_keep_families_in_a_block(layout: str, seats: int) -> None:
    kept = families = 0
    for seed in range(10):
        dice = Random(seed)
        seat_map = build_seat_map(layout, seats)
        room = Room(seat_map=seat_map, reserved=seat_map.find_rows([-1]) if seed % 2 else frozenset())
        parties = _parties(seats - len(room.reserved), dice)
        plan = seat_rows(room, parties)
        assert _faults(room, parties, plan) == [], seed
        small = [number for number, party in enumerate(parties) if 1 < party.size <= 5]
        assert plan.families == sum(party.size > 1 for party in parties)
        near = sum(_rows_apart(room, plan.seats[number]) <= 1 for number in small)
        assert near >= plan.kept - (plan.families - len(small))
        kept, families = kept + plan.kept, families + plan.families
    assert kept >= 0.95 * families > 0


def test_children_sit_beside_an_adult_of_theirs() -> None:
    for seed in range(30):
        dice = Random(seed)
        room = Room(seat_map=build_seat_map("3+2", 60))
        parties = _parties(60, dice)
        plan = seat_rows(room, parties)
        apart = sum(
            not any(_beside(room, child, adult) for adult in seats[: party.size - party.children])
            for party, seats in zip(parties, plan.seats, strict=True)
            for child in seats[party.size - party.children :]
        )
        assert apart == plan.apart == 0, seed


def test_full_coaches_leave_no_need_unmet_and_hardly_a_child_alone() -> None:
    apart = families = kept = 0
    for seed in range(60):
        parties, room = make_coach(seed)
        plan = seat_rows(room, parties)
        assert _faults(room, parties, plan) == [], seed
        assert plan.unmet == (), seed
        apart, families, kept = apart + plan.apart, families + plan.families, kept + plan.kept
    assert apart <= 1
    assert kept >= 0.99 * families > 0


def test_one_adult_between_two_children() -> None:
    room = Room(seat_map=build_seat_map("3+2", 10))
    plan = seat_rows(room, [RowParty(size=3, employer=None, stop=0, children=2)])
    adult, *children = plan.seats[0]
    assert all(_beside(room, child, adult) for child in children)


def test_needs_get_their_seats_even_where_they_stand_last() -> None:
    for seed in range(30):
        dice = Random(seed)
        seat_map = build_seat_map("3+2", 75)
        room = Room(
            seat_map=seat_map, front=seat_map.find_rows([0, 1]), wheelchair=seat_map.find(["9A", "9F"])
        )
        needy = [
            RowParty(size=dice.randint(1, 3), employer=1, stop=0, need=need)
            for need in (Need.FRONT, Need.WHEELCHAIR, Need.FRONT, Need.WHEELCHAIR)
        ]
        parties = [*_parties(75 - sum(party.size for party in needy), dice), *needy]
        plan = seat_rows(room, parties)
        assert plan.unmet == ()
        assert _faults(room, parties, plan) == [], seed
        assert plan.share_kept >= 0.9, seed


def test_says_whose_need_no_seat_was_left_for() -> None:
    seat_map = build_seat_map("2+2", 8)
    room = Room(seat_map=seat_map, wheelchair=seat_map.find(["1A"]))
    parties = [RowParty(size=1, employer=None, stop=0, need=Need.WHEELCHAIR) for _ in range(2)]
    plan = seat_rows(room, parties)
    assert len(plan.unmet) == 1
    assert _faults(room, parties, plan) == []


def test_a_need_is_met_where_the_family_finds_no_room_around_it() -> None:
    seat_map = build_seat_map("2+2", 12)
    reserved = seat_map.find(["1C", "2A", "2C"])
    room = Room(seat_map=seat_map, reserved=reserved, wheelchair=seat_map.find(["1A"]))
    parties = [RowParty(size=3, employer=None, stop=0, need=Need.WHEELCHAIR)]
    plan = seat_rows(room, parties)
    assert plan.unmet == ()
    assert _faults(room, parties, plan) == []
    assert plan.kept == 0


def test_people_of_one_employer_follow_each_other() -> None:
    room = Room(seat_map=build_seat_map("3+2", 60))
    parties = [RowParty(size=2, employer=number % 6, stop=number % 2) for number in range(30)]
    plan = seat_rows(room, parties)
    by_seat = {
        seat: party.employer for party, seats in zip(parties, plan.seats, strict=True) for seat in seats
    }
    rows = [{by_seat[seat] for seat in room.seat_map.find_rows([row])} for row in range(12)]
    assert plan.runs == 5
    assert all(len(row) == 1 for row in rows)


def test_a_reserved_row_in_the_middle_is_no_bridge() -> None:
    seat_map = build_seat_map("2+2", 20)
    room = Room(seat_map=seat_map, reserved=seat_map.find_rows([2]))
    parties = [RowParty(size=size, employer=None, stop=0) for size in (5, 5, 3, 3)]
    plan = seat_rows(room, parties)
    assert _faults(room, parties, plan) == []
    assert plan.kept == plan.families == 4


def test_nobody_is_lost_where_no_order_keeps_all_together() -> None:
    seat_map = build_seat_map("2+2", 12)
    room = Room(seat_map=seat_map, reserved=seat_map.find_rows([1]))
    parties = [RowParty(size=size, employer=None, stop=0) for size in (3, 3, 2)]
    plan = seat_rows(room, parties)
    assert _faults(room, parties, plan) == []
    assert plan.kept == 2


def test_refuses_more_heads_than_seats() -> None:
    seat_map = build_seat_map("2+2", 8)
    room = Room(seat_map=seat_map, reserved=seat_map.find(["1A"]))
    with pytest.raises(ValueError, match="more heads"):
        seat_rows(room, [RowParty(size=8, employer=None, stop=0)])


def test_an_empty_carriage() -> None:
    plan = seat_rows(Room(seat_map=build_seat_map("coach", 0)), [])
    assert plan.seats == ()
    assert plan.share_kept == 1.0


@pytest.mark.parametrize(
    ("places", "together"),
    [
        ([(0, 0)], True),
        ([(0, 0), (0, 1)], True),
        ([(0, 0), (0, 2)], False),
        ([(0, 4), (1, 4)], True),
        ([(0, 4), (1, 3)], False),
        ([(0, 0), (1, 0), (2, 0)], False),
        ([(0, 3), (0, 4), (1, 4), (1, 3), (1, 2)], True),
        ([(0, 4), *((1, place) for place in range(5)), (2, 0)], False),
        ([(row, place) for row in range(3) for place in range(4)], True),
    ],
)
def test_what_a_row_block_is(places: list[tuple[int, int]], together: bool) -> None:  # noqa: FBT001  # the outcome
    seats = [Seat(label="", row=row, place=place, right=place > 2) for row, place in places]
    assert in_block(seats, width=5) is together


def _labels(seat_map: SeatMap, row: int) -> list[str]:
    return [seat.label for seat in seat_map.seats if seat.row == row]


def test_labels_are_those_printed_in_china() -> None:
    second, first = build_seat_map("3+2", 85), build_seat_map("2+2", 28)
    assert _labels(second, 11) == ["12A", "12B", "12C", "12D", "12F"]
    assert len(second.seats) == 85
    assert _labels(first, 0) == ["1A", "1C", "1D", "1F"]
    assert _labels(build_seat_map("1+2", 9), 2) == ["3A", "3C", "3F"]
    assert on_ticket(5, "12F") == "05车 12F"
    assert on_ticket(12, "23号") == "12车 23号"


def test_hard_seats_at_a_window_end_in_0_4_5_or_9() -> None:
    hard = build_seat_map("numbered 3+2", 118)
    assert [len(_labels(hard, row)) for row in (0, 1, 22, 23)] == [4, 5, 5, 4]
    assert _labels(hard, 23) == ["115号", "116号", "117号", "118号"]
    for row in range(1, 23):
        assert {_labels(hard, row)[place][-2] for place in (0, -1)} <= set("0459")
    aisle = [seat.right for seat in hard.seats if seat.row == 1]
    assert aisle == [False, False, False, True, True]


def test_a_coach_has_five_in_the_back_and_the_door_in_front() -> None:
    assert [len(_labels(build_seat_map("coach", 49), row)) for row in (0, 10, 11)] == [4, 4, 5]
    odd = build_seat_map("coach", 19)
    assert [len(_labels(odd, row)) for row in range(5)] == [2, 4, 4, 4, 5]
    assert [seat.label for seat in odd.seats] == [f"{number}号" for number in range(1, 20)]


def test_the_railways_own_list_wins() -> None:
    seat_map = read_seat_map("3+2", ["1D", "1F", "2A", "2B", "2C", "2D", "2F", "14A"])
    assert [seat.label for seat in seat_map.seats][:3] == ["1D", "1F", "2A"]
    assert [(seat.row, seat.place) for seat in seat_map.seats][:3] == [(0, 3), (0, 4), (1, 0)]
    assert seat_map.seats[-1].row == 13
    assert len(read_seat_map("coach", ["1号", "2号", "9号"]).seats) == 3


def test_a_list_may_name_seats_from_one_to_another() -> None:
    labels = [seat.label for seat in read_seat_map("3+2", ["5D-6B", "9F"]).seats]
    assert labels == ["5D", "5F", "6A", "6B", "9F"]
    assert len(read_seat_map("numbered 3+2", ["1号-20号"]).seats) == 20


def test_a_coach_list_needs_its_size_for_the_rows() -> None:
    part = read_seat_map("coach", ["1号-8号"], seats=49)
    assert [(seat.row, seat.place) for seat in part.seats] == [(n // 4, n % 4) for n in range(8)]
    with pytest.raises(ValueError, match="no such seat"):
        read_seat_map("coach", ["50号"], seats=49)


@pytest.mark.parametrize("labels", [["1A", "1A"], ["1A-2A", "1F"], ["2A-1A"]])
def test_refuses_lists_that_contradict_themselves(labels: list[str]) -> None:
    with pytest.raises(ValueError, match=r"twice|no such seats"):
        read_seat_map("3+2", labels)


@pytest.mark.parametrize("labels", [["1E"], ["0A"], ["1A", "1A "]])
def test_refuses_labels_the_layout_cannot_have(labels: list[str]) -> None:
    with pytest.raises(ValueError, match="no such seat"):
        read_seat_map("3+2", labels)


def test_refuses_what_is_no_layout() -> None:
    with pytest.raises(ValueError, match="layout"):
        build_seat_map("6 berths", 66)
    with pytest.raises(ValueError, match="fewer"):
        build_seat_map("coach", -1)


def test_marks_by_label_and_row() -> None:
    seat_map = build_seat_map("2+2", 10)
    assert seat_map.find(["1C", "3A"]) == {1, 8}
    assert seat_map.find_rows([0, -1]) == {0, 1, 2, 3, 8, 9}


def test_the_order_of_the_snake_leaves_no_seat_between() -> None:
    room = Room(seat_map=build_seat_map("3+2", 25))
    plan = seat_rows(room, [RowParty(size=1, employer=number, stop=0) for number in range(25)])
    for one, other in pairwise(seats[0] for seats in plan.seats):
        assert abs(room.seat_map.seats[one].row - room.seat_map.seats[other].row) <= 1

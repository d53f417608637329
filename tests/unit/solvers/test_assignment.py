from planner.solvers.assignment import Block, assign_blocks


def _blocks(*heads: int, bins: tuple[int, ...] = (0, 1), kind: str = "big") -> list[Block]:
    return [Block(heads=h, bins=bins, cluster=f"t{n}", kind=kind) for n, h in enumerate(heads)]


def test_everybody_fits_when_the_seats_just_suffice() -> None:
    bins = assign_blocks(_blocks(50, 30, 20, 60, 40), [100, 100], seed=0)
    loads = [sum(h for h, b in zip((50, 30, 20, 60, 40), bins, strict=True) if b == side) for side in (0, 1)]
    assert loads == [100, 100]


def test_most_heads_are_placed_when_they_do_not() -> None:
    bins = assign_blocks(_blocks(70, 60, 50, bins=(0,)), [120], seed=0)
    placed = [h for h, b in zip((70, 60, 50), bins, strict=True) if b == 0]
    assert sum(placed) == 120


def test_small_vehicles_work_is_level() -> None:
    blocks = _blocks(20, 20, 20, 20, kind="small") + _blocks(100, 100, 100, 100)
    bins = assign_blocks(blocks, [400, 400], seed=0)
    assert sum(b == 0 for b in bins[:4]) == 2


def test_a_township_stays_whole() -> None:
    blocks = [Block(heads=10, bins=(0, 1), cluster="ab"[n // 5], kind="big") for n in range(10)]
    bins = assign_blocks(blocks, [100, 100], seed=0)
    assert len(set(bins[:5])) == len(set(bins[5:])) == 1


def test_closed_bins_are_respected() -> None:
    blocks = [
        Block(heads=5, bins=(1,), cluster="a", kind="big"),
        Block(heads=5, bins=(0,), cluster="a", kind="big"),
    ]
    assert assign_blocks(blocks, [10, 10], seed=0) == (1, 0)

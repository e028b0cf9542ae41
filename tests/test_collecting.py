"""The collector of cycles waits while something large is built, and is left as it was."""

import gc

import pytest

from llmcost import collecting
from llmcost.collecting import collecting_later


@pytest.mark.parametrize("enabled", [True, False], ids=["on", "off"])
def test_it_is_left_as_it_was(enabled):
    """It waits inside; then, after an error too, it is on or off as it was before."""
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with collecting_later():
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
        with pytest.raises(ValueError, match="inside"), collecting_later():
            raise ValueError("inside")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


@pytest.fixture
def thawed():
    """Nothing is frozen; then it is again, as the tests before it left what was collected."""
    already = gc.get_freeze_count()
    gc.unfreeze()
    yield
    gc.unfreeze()
    if already:
        gc.collect()
        gc.freeze()


def test_what_a_caller_froze_stays_frozen(thawed):
    """A server freezes what it has before it forks. Else what was made counts as old, and nothing stays frozen."""
    gc.freeze()
    frozen = gc.get_freeze_count()
    assert frozen
    with collecting_later():
        made = [[] for _ in range(100_000)]
    # What was made meanwhile is not frozen; some of what was may be gone.
    assert 0.9 * frozen < gc.get_freeze_count() <= frozen
    gc.unfreeze()
    # Else they go while the next ones are made, and as few are new in all.
    del made
    with collecting_later():
        made = [[] for _ in range(100_000)]
    assert gc.get_freeze_count() == 0
    assert not any(one is made for one in gc.get_objects(0))


def test_what_is_frozen_is_not_counted_for_little(thawed, monkeypatch):
    """A count looks at each frozen object: a tenth of a second for some millions, at each configuration."""
    counted = []
    monkeypatch.setattr(collecting.gc, "get_freeze_count", lambda: counted.append(1) or 0)
    with collecting_later():
        made = [[] for _ in range(1000)]
    assert (len(made), counted) == (1000, [])
    with collecting_later():
        made = [[] for _ in range(100_000)]
    assert (len(made), counted) == (100_000, [1])

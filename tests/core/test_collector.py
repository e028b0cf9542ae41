"""The collector of cycles waits while something large is built, and is left as it was."""

import gc

import pytest

from llmcost.core.collector import collecting_later


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


def test_what_a_caller_froze_stays_frozen():
    """A server freezes what it has before it forks. Else what was made counts as old, and nothing stays frozen."""
    already = gc.get_freeze_count()
    gc.freeze()
    frozen = gc.get_freeze_count()
    try:
        assert frozen > already
        with collecting_later():
            made = [[] for _ in range(1000)]
        # What was made meanwhile is not frozen; some of what was may be gone.
        assert 0.9 * frozen < gc.get_freeze_count() <= frozen
    finally:
        gc.unfreeze()
    try:
        with collecting_later():
            made = [[] for _ in range(1000)]
        assert gc.get_freeze_count() == 0
        assert not any(one is made for one in gc.get_objects(0))
    finally:
        if already:
            # As the tests before it left what was collected: frozen.
            gc.collect()
            gc.freeze()

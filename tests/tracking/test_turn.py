"""Turn: one at a time, and never one in the middle of another."""

from __future__ import annotations

import pytest

from llmcost.tracking.turn import Turn


def test_none_in_the_middle_of_another():
    """Whoever asks in the middle of a turn gets none; after its end there is one again."""
    turn = Turn()
    assert (turn.mine, turn.begin(), turn.mine, turn.begin()) == (False, True, True, False)
    turn.end()
    assert (turn.mine, turn.begin()) == (False, True)
    turn.end()


def test_a_question_in_the_middle_of_one_is_an_error():
    turn = Turn()
    with turn, pytest.raises(RuntimeError, match="in the middle"):
        turn.__enter__()
    assert not turn.mine

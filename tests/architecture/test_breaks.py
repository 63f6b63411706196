"""Breaks on purpose fit the code of now: `make breaks` takes hours, and one that no longer fits would be noticed by nobody."""

import pytest

from tests.sim.process import ROOT
from tests.torture.breaks import BREAKS, UNSEEN, Break, Unseen


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_text_to_be_broken_stands_once_in_its_module(each: Break) -> None:
    assert (ROOT / each.path).read_text(encoding="utf-8").count(each.old) == 1
    assert each.new != each.old


@pytest.mark.parametrize("each", UNSEEN, ids=lambda each: each.name)
def test_test_that_knows_an_unseen_break_is_there(each: Unseen) -> None:
    assert (ROOT / each.test).is_file()

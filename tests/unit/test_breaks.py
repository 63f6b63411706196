"""The breaks that the state machine is tried with: each must still be one, however the product has been written anew since."""

import ast

import pytest

from tests.sim.process import ROOT
from tests.torture.breaks import BREAKS, UNSEEN, Break, Unseen


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_text_that_is_broken_stands_once_in_its_module(each: Break) -> None:
    source = (ROOT / each.path).read_text("utf-8")
    assert source.count(each.old) == 1
    ast.parse(
        source.replace(each.old, each.new)
    )  # a module that does not compile is no break that a person could meet


@pytest.mark.parametrize("each", UNSEEN, ids=lambda each: each.name)
def test_test_that_knows_an_unseen_break_is_there(each: Unseen) -> None:
    assert (ROOT / each.test.partition("::")[0]).is_file()

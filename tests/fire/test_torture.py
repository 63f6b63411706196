"""The faults of `make torture` in their short form, each from the same seed on every machine."""

import random

import pytest

from tests.torture.faults import FAULTS, Fault

SHORT = [fault for fault in FAULTS if fault.short]


@pytest.mark.parametrize("fault", SHORT, ids=lambda fault: fault.name)
def test_promise_holds(fault: Fault) -> None:
    assert fault.run(random.Random(f"1 {fault.name}"), fault.short), fault.promise

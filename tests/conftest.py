"""Hypothesis profiles: `check` finds the same on every machine, so that what was green stays green; `explore` draws anew.

`make explore` runs the property tests with the second one, for as long as one likes to look for what `check` never draws.
"""

import os

from hypothesis import settings

settings.register_profile("check", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("explore", max_examples=4000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))

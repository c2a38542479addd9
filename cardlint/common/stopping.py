"""Ending a run that is no longer wanted: an editor has a newer text.

Python cannot end a thread from outside. So a run asks now and then whether it is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable

Wanted = Callable[[], bool]
"""Tells whether the result of a run is still wanted."""


class Stopped(BaseException):
    """The run is not wanted any more. It is no `Exception`: no place that survives faults of one file catches it."""

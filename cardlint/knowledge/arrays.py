"""NumPy and pandas: binning."""

from __future__ import annotations

from cardlint.knowledge.rows import transfer
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=(
        "numpy",
        "pandas",
    ),
    rows=(*transfer("bins", "index of a bin", "numpy.digitize()", "pandas.cut()"),),
)

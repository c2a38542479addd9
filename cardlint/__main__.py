"""`python -m cardlint` does what `cardlint` does."""

from cardlint.cli import main

main()

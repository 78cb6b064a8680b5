"""`python -m nanglucso` and the `nanglucso` command."""

import sys

from nanglucso.project.cli import main as run


def main() -> None:
    """Leave with the status of the sub-command."""
    sys.exit(run())


if __name__ == "__main__":
    main()

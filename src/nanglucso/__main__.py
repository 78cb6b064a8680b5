"""`python -m nanglucso` and the `nanglucso` command."""

import os
import sys

# Small matrices: threads inside the algebra library only get in each other's way, several times slower when busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from nanglucso.project.cli import main as run


def main() -> None:
    """Leave with the status of the sub-command."""
    sys.exit(run())


if __name__ == "__main__":
    main()

"""`python -m leakwatch` is `leakwatch`."""

import sys


def main() -> None:
    """Runs the command line; Ctrl-C while it is still loading is no traceback either."""
    try:
        from leakwatch.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()

"""`python -m leakwatch` is `leakwatch`."""

from leakwatch.cli import main

if __name__ == "__main__":
    main()

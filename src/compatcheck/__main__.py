"""`python -m compatcheck`."""

from compatcheck.cli.main import main

if __name__ == "__main__":
    main()

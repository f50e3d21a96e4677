"""Starts the command line: `python -m mothball` and the `mothball` script."""

from mothball.cli import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    raise SystemExit(run())


if __name__ == "__main__":
    main()

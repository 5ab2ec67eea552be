"""`python -m auditflow` is the command line."""

from auditflow.cli import main

if __name__ == "__main__":
    main()

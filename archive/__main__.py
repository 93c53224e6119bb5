"""`python -m archive`: the same as `discuz-archive`."""

from archive.cli import main

main()

# What the executable runs: the program, or one of its processes.
import multiprocessing

multiprocessing.freeze_support()

from archive.cli import main  # noqa: E402 not before the processes' own work is known

main()

"""What every room stands on: random streams, statistics, files, errors, the machine."""

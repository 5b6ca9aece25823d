"""How fast accountsheet is beside the named alternatives: `make bench`, or `python -m benchmarks NAME ...`."""

"""Speed and memory, side by side with other ways to simulate the same contact centre.

``python -m tests.benchmarks`` prints the table; see `tests.benchmarks.__main__` for options.
"""

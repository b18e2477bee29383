"""Exact answers from queueing theory, written apart from the simulator they judge.

Times are in seconds and rates are per second throughout.
"""

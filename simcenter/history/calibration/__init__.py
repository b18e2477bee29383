"""Parameters of a centre from its history, each with its interval and how it was got.

- ``estimate``, ``families``, ``dispersion``: the statistics
- ``calendar``, ``daybook``, ``arrivals``: days and volumes
- ``durations``, ``handle``, ``ivr``, ``patience``, ``redials``, ``agents``: the rest
- ``playback``, ``matching``: observed days simulated again, and what agrees with them
- ``contacts``, ``totals``: from single contacts, from interval tables
- ``results`` with ``listing``, ``telling``, ``document``, ``writing``: what comes out
"""

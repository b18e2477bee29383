"""Parameters of a centre from its history, each with its interval and how it was got.

- ``estimate``, ``families``, ``dispersion``: the statistics
- ``calendar``, ``daybook``, ``arrivals``: days and volumes
- ``durations``, ``handle``, ``ivr``, ``patience``, ``redials``, ``agents``, ``rosters``: the rest
- ``playback``, ``matching``: observed days simulated again, and what agrees with them
- ``contacts`` with ``parts`` and ``hours``: from single contacts
- ``totals`` with ``queues`` and ``seeking``: from interval tables
- ``results`` with ``listing``, ``telling``, ``document``, ``writing``: what comes out
"""

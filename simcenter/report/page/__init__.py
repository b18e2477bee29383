"""One-file HTML reports: everything inside, nothing fetched, to be read or printed on A4.

- ``blocks``: what a page is made of; ``rendering`` makes HTML of it, by one template
- ``parts``: what pages have in common
- ``validation`` with ``validation_answers``, ``simulation``, ``comparison``, ``calibration``,
  ``backtest``: the pages
"""

"""Build from nothing: what an earlier build left in build/ must not come into the next one.

Everything else stands in pyproject.toml.
"""

import shutil

from setuptools import setup

shutil.rmtree("build/lib", ignore_errors=True)
setup()

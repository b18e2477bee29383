"""Compiled code that is kept on disk, where there is a place for it.

numba keeps code under the stamp of the one source file in which the function stands: it sees an
edit of whatever stands there and of nothing else. So a module that keeps a function defines all
that the function calls, and takes no constant from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numba as nb
from numba.core.caching import FunctionCache

__all__ = ["kept"]


_FunctionCache: Any = FunctionCache  # it is not typed


class _Cache(_FunctionCache):  # type: ignore[misc]
    """numba's, but for which no state of the disk is a reason not to run.

    A full disk or a file cut short by a crash can fail in more ways than can be listed.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was kept; None, so that it is compiled, where that cannot be read."""
        with suppress(Exception):
            return super().load_overload(sig, target_context)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, in place of a damaged index if need be, or not at all."""
        with suppress(Exception):
            super().save_overload(sig, data)
            return
        with suppress(Exception):
            self.flush()
            super().save_overload(sig, data)


def kept(function: Callable[..., Any]) -> Any:
    """Compile a function without the GIL; keep the code for the next process if possible."""
    compiled: Any = nb.njit(nogil=True)(function)
    with suppress(RuntimeError):  # no place to keep it: compiled in every process
        compiled._cache = _Cache(function)  # as `enable_caching` does with its own
    return compiled

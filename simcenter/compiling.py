"""Compiling with numba: code that is kept on disk, and arrays without reference counts.

numba keeps code under the stamp of the one source file in which the function stands: it sees an
edit of whatever stands there and of nothing else. So a module that keeps a function defines all
that the function calls, and takes no constant from elsewhere; only what stands here is common.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numba
from numba.core import caching, cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

__all__ = ["borrowed", "inlined", "inner", "kept"]

nb: Any = numba  # its types leave out the options below
FunctionCache: Any = caching.FunctionCache
cg: Any = cgutils
arrays: Any = arrayobj

inner: Any = nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Compiles a function that only compiled code calls: nothing is made for Python to call it."""

inlined: Any = nb.njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""The same for a function that becomes part of whoever calls it.

LLVM puts it there: it is translated once. (numba's own ``inline="always"`` translates it anew
wherever it is called, which takes longer, and the code is no faster.)
"""


class _Cache(FunctionCache):  # type: ignore[misc]
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
    compiled: Any = nb.njit(nogil=True, no_cfunc_wrapper=True)(function)
    with suppress(RuntimeError):  # no place to keep it: compiled in every process
        compiled._cache = _Cache(function)  # as `enable_caching` does with its own
    return compiled


@intrinsic
def borrowed(_: Any, array: Any) -> Any:
    """Return the same array, owned by nobody: the caller keeps it alive.

    numba counts references to every array that a function is given, with an atomic operation
    each time; in the loop of the floor that was two fifths of all time. Whoever calls a kernel
    holds its arrays until it returns, so inside nobody need count.
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = arrays.make_array(signature.args[0])(context, builder, arguments[0])
        found.meminfo = cg.get_null_value(found.meminfo.type)
        return found._getvalue()

    return array(array), build

"""Arrays without reference counts, for compiled loops that hand them from function to function.

Numba counts references to every array that a function is given, with an atomic operation each
time; in the loop of the floor that was two fifths of all time. Whoever calls a kernel holds its
arrays until it returns, so inside nobody need count.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

__all__ = ["borrowed"]


@intrinsic  # type: ignore[untyped-decorator]
def borrowed(_: Any, array: Any) -> Any:
    """Return the same array, owned by nobody: the caller keeps it alive."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = make_array(signature.args[0])(context, builder, arguments[0])
        found.meminfo = cgutils.get_null_value(found.meminfo.type)
        return found._getvalue()

    return array(array), build

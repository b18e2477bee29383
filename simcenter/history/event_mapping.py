"""What a mapping says of records whose meaning is documented: queue logs, contact records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from simcenter.history.layouts import FileLayout, Meaning, Part, one_of
from simcenter.model.zones import known_zone

__all__ = ["ConnectMapping", "GenesysMapping", "QueueLogMapping"]

INSTANTS = ("epoch-seconds", "epoch-milliseconds", "iso")


class QueueLogColumns(Part):
    """Names of the columns where a queue log is a table (``cdr.queue_log`` and its exports).

    ``data`` are the event's parameters in their documented order. Some exporters give
    waiting and talk times, and the caller, columns of their own: ``hold``, ``talk``,
    ``caller``; these go before the parameters then.
    """

    time: str
    call: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...] = ()
    hold: str | None = None
    talk: str | None = None
    caller: str | None = None


class QueueLogMapping(Meaning):
    """How an Asterisk or FreePBX ``queue_log`` is read: the file, or a table of it.

    ``timezone`` is that of the centre: the log holds seconds since 1970 in UTC. Without
    ``columns`` the file is the log itself, parts divided by ``|``.
    """

    kind: Literal["queue-log"] = "queue-log"
    file: FileLayout = FileLayout(delimiter="|", header=False, quote="", columns=("log",))
    columns: QueueLogColumns | None = None
    timezone: str | None = None
    time_format: str = "epoch-seconds"
    talk_limit_s: Annotated[float, Field(gt=0)] = 3600.0

    _zone = field_validator("timezone")(known_zone)

    @field_validator("time_format")
    @classmethod
    def _known_format(cls, given: str) -> str:
        return one_of(given, "time format", INSTANTS)


class ConnectMapping(Meaning):
    """How Amazon Connect contact records are read (JSON, plain or gzipped).

    ``timezone`` is that of the centre: the records hold instants in UTC. Contacts of
    ``skip_methods`` are no contacts of customers with the centre and are left out.
    """

    kind: Literal["amazon-connect"] = "amazon-connect"
    timezone: str | None = None
    skip_methods: tuple[str, ...] = ("OUTBOUND", "EXTERNAL_OUTBOUND", "MONITOR", "AGENT_REPLY")
    talk_limit_s: Annotated[float, Field(gt=0)] = 3600.0

    _zone = field_validator("timezone")(known_zone)


class GenesysMapping(Meaning):
    """How Genesys Cloud conversation details are read (JSON, plain or gzipped).

    ``timezone`` is that of the centre: the records hold instants in UTC. ``queues`` names queues
    by their ids, where the records have no names.
    """

    kind: Literal["genesys-cloud"] = "genesys-cloud"
    timezone: str | None = None
    queues: dict[str, str] = Field(default_factory=dict)
    talk_limit_s: Annotated[float, Field(gt=0)] = 3600.0

    _zone = field_validator("timezone")(known_zone)

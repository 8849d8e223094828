"""Write a detector for Trailglass in Python.

A detector is a ``Manifest``, which says what it is and which events it wants to see, and a function that judges one group
of them at a time; ``plugin`` makes of both the class that a host calls. README.md shows one.
"""

import traceback
from dataclasses import dataclass, field
from typing import Callable, Iterable, Sequence, Union

from componentize_py_types import Err
from wit_world.exports import detector as wire
from wit_world.exports.detector import Severity
from wit_world.imports import host
from wit_world.imports.host import Level

NO_TIME = -(2**63)

#: Milliseconds of a minute, an hour and a day.
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: Groupings that go by no field.
EACH_EVENT = "each-event"
ALL_EVENTS = "all-events"


@dataclass
class Option:
    """Something that whoever runs the plugin may set. The default, a bool, an int, a str or a list of str, fixes its type."""

    description: str
    default: Union[bool, int, str, Sequence[str]]
    #: The bounds of a whole number.
    least: int = -(2**63)
    most: int = 2**63 - 1


@dataclass
class Manifest:
    """What a detector is and what it wants to see. Bounds and meaning of all items are those of the contract."""

    id: str
    name: str
    version: str
    description: str
    severity: Severity
    #: For each name that a group shall have, the field or the path into the record: ``{"who": "userIdentity.arn"}``.
    fields: dict[str, str]
    #: Fields whose equal values make a group (of ``fields``, by their names in the record), ``EACH_EVENT`` or ``ALL_EVENTS``.
    group_by: Union[Sequence[str], str] = EACH_EVENT
    #: The events it needs, in the search language; empty selects all.
    select: str = ""
    #: By name, in lower-case words with dashes.
    options: dict[str, Option] = field(default_factory=dict)
    tactics: Sequence[str] = ()
    techniques: Sequence[str] = ()
    false_positives: Sequence[str] = ()
    references: Sequence[str] = ()


@dataclass
class Finding:
    """Something that was found: the rows that show it and one sentence, and what shall replace the manifest's."""

    rows: Iterable[int]
    why: str
    title: Union[str, None] = None
    severity: Union[Severity, None] = None


class Group:
    """Events that belong together, in time order, never empty.

    ``rows`` are their numbers. Each name in ``Manifest.fields`` is a list: ``group.who[row]`` is a text, or None where the
    event does not have the field. ``times[row]`` is its eventTime in milliseconds since 1970, or ``NO_TIME``.
    """

    rows: range

    def __init__(self, manifest: Manifest, batch: wire.Batch):
        self.times = batch.times
        self._columns = dict(zip(manifest.fields, batch.columns))

    def __getattr__(self, name: str) -> list:
        # Only called while there is no such attribute: a column is spelled out when somebody first asks for it.
        columns = self.__dict__.get("_columns", {})
        if name not in columns:
            raise AttributeError(f"{name} is not among the fields of the manifest")
        # No value has the code of what is missing, so that comes out as None. Neither the look-up nor the loop is Python code,
        # which would take twice as long.
        values = dict(enumerate(columns[name].values))
        spelled = list(map(values.get, columns[name].codes))
        setattr(self, name, spelled)
        return spelled


def log(level: Level, message: str) -> None:
    """Writes a line where the host shows messages of plugins."""
    host.log(level, message)


def counted(number: int, noun: str) -> str:
    """A number with its noun, for sentences: ``1 day``, ``8 days``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def plugin(manifest: Manifest, observe: Callable[[Group, dict], Iterable[Finding]]) -> type:
    """The class that a module has to have under the name ``Detector``.

    ``observe`` gets a group and the options by name, and returns or yields findings. It keeps nothing from one group to the
    next.
    """

    class Detector:
        options = {name: option.default for name, option in manifest.options.items()}

        def describe(self) -> wire.Manifest:
            return _wire_manifest(manifest)

        def configure(self, options: list) -> None:
            Detector.options = {setting.name: _checked(manifest, setting) for setting in options}

        def detect(self, batch: wire.Batch) -> list:
            try:
                return _findings(manifest, observe, Detector.options, batch)
            except Exception as error:
                # Without this the host would only hear of a trap: Python wants to write to stderr and to read its source.
                for frame, line in traceback.walk_tb(error.__traceback__):
                    log(Level.ERROR, f"at {frame.f_code.co_name} ({frame.f_code.co_filename}:{line})")
                raise Err(f"The detector failed: {error!r}") from None

    return Detector


def _findings(manifest: Manifest, observe: Callable, options: dict, batch: wire.Batch) -> list:
    group = Group(manifest, batch)
    starts = batch.group_starts
    found = []
    for start, end in zip(starts, [*starts[1:], len(batch.rows)]):
        group.rows = range(start, end)
        for finding in observe(group, options) or ():
            rows = [batch.rows[row] for row in finding.rows]
            found.append(wire.Finding(rows, finding.why, finding.title, finding.severity))
    return found


def _wire_manifest(manifest: Manifest) -> wire.Manifest:
    if manifest.group_by == EACH_EVENT:
        grouping = wire.Grouping_EachEvent()
    elif manifest.group_by == ALL_EVENTS:
        grouping = wire.Grouping_AllEvents()
    else:
        grouping = wire.Grouping_ByFields(list(manifest.group_by))
    return wire.Manifest(
        id=manifest.id,
        name=manifest.name,
        version=manifest.version,
        description=manifest.description,
        severity=manifest.severity,
        tactics=list(manifest.tactics),
        techniques=list(manifest.techniques),
        false_positives=list(manifest.false_positives),
        references=list(manifest.references),
        options=[
            wire.OptionSpec(name, option.description, _wire_value(option.default))
            for name, option in manifest.options.items()
        ],
        select=manifest.select,
        fields=list(manifest.fields.values()),
        grouping=grouping,
    )


def _wire_value(value):
    if isinstance(value, bool):
        return wire.OptionValue_Flag(value)
    if isinstance(value, int):
        return wire.OptionValue_Integer(value)
    if isinstance(value, str):
        return wire.OptionValue_Text(value)
    return wire.OptionValue_Texts(list(value))


def _checked(manifest: Manifest, setting: wire.OptionSetting):
    value = setting.value.value
    option = manifest.options[setting.name]
    if isinstance(setting.value, wire.OptionValue_Integer) and not option.least <= value <= option.most:
        raise Err(f"Option {setting.name} takes a number from {option.least} to {option.most}, not {value}.")
    return value

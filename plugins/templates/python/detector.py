"""My detector: principals that were denied calls."""

from trailglass import Finding, Manifest, Option, Severity, counted, plugin

MANIFEST = Manifest(
    id="my-detector",
    name="My detector",
    version="0.1.0",
    description="A principal was denied calls: it may be trying out what it is allowed to do.",
    severity=Severity.LOW,
    options={"calls": Option("How many denied calls it takes, from 1 to 10,000.", 3, 1, 10_000)},
    select="errorCode:AccessDenied",
    fields={"who": "userIdentity.arn", "call": "eventName"},
    group_by=["userIdentity.arn"],
)


def observe(group, options):
    rows = group.rows
    if len(rows) >= options["calls"]:
        who = group.who[rows[0]] or "Someone unknown"
        yield Finding(rows, f"{who} was denied {counted(len(rows), 'call')}, first {group.call[rows[0]]}.")


Detector = plugin(MANIFEST, observe)

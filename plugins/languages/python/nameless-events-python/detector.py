"""Events that say neither what was called nor from where. The same detector is written in other languages: with it
`cargo xtask bench plugin` measures what an event costs in each.
"""

from trailglass import Finding, Manifest, Severity, plugin

MANIFEST = Manifest(
    id="nameless-events-python",
    name="Events without names",
    version="1.0.0",
    description="Records name neither a service nor a call nor an address. CloudTrail always writes them.",
    severity=Severity.INFORMATIONAL,
    fields={"service": "eventSource", "call": "eventName", "address": "sourceIPAddress"},
    group_by=["sourceIPAddress"],
)


def observe(group, options):
    service, call, address = group.service, group.call, group.address
    rows = [row for row in group.rows if service[row] is None and call[row] is None and address[row] is None]
    if rows:
        yield Finding(rows, f"{len(rows)} events name neither service, call nor address.")


Detector = plugin(MANIFEST, observe)

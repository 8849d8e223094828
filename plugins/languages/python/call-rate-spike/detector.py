"""An hour in which a principal makes far more calls than it ever did: a script that a thief lets run, or a key that is
used twice.
"""

from collections import Counter
from math import sqrt

from trailglass import HOUR, NO_TIME, Finding, Manifest, Option, Severity, counted, plugin

MANIFEST = Manifest(
    id="call-rate-spike",
    name="Far more calls than usual",
    version="1.0.0",
    description="A principal made many more calls in an hour than in all the hours before in which it was at work. "
    "Whoever takes over a key lets scripts run with it.",
    severity=Severity.LOW,
    tactics=["TA0007", "TA0009"],
    techniques=["T1078.004", "T1580"],
    false_positives=["A job that grows with the data, or runs once a month.", "A migration or a load test."],
    options={
        "hours": Option("How many hours with calls must come before, from 2 to 10,000.", 24, 2, 10_000),
        "deviations": Option("How many standard deviations above the mean of these, from 1 to 1,000.", 6, 1, 1_000),
        "calls": Option("How many calls the hour must have, from 1 to 1,000,000.", 200, 1, 1_000_000),
    },
    # What a service calls on somebody's behalf says how busy the service is.
    select="userIdentity.accountId:* AND NOT userIdentity.invokedBy:* AND NOT userIdentity.type:AWSService",
    fields={
        "account": "userIdentity.accountId",
        "role": "userIdentity.sessionContext.sessionIssuer.arn",
        "user": "userIdentity.userName",
        "who": "principal",
        "call": "eventName",
    },
    # All sessions of a role make one group.
    group_by=["userIdentity.accountId", "userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.userName"],
)


def observe(group, options):
    hours = {}
    for row in group.rows:
        if group.times[row] != NO_TIME:
            hours.setdefault(group.times[row] // HOUR, []).append(row)
    # Of the usual hours: how many, their sum and the sum of their squares.
    known = total = squares = 0
    for rows in hours.values():
        calls = len(rows)
        if known >= options["hours"] and calls >= options["calls"]:
            mean = total / known
            # Calls that come independently of each other spread by the root of their number.
            deviation = max(sqrt(max(squares / known - mean * mean, 0)), sqrt(mean))
            if calls > mean + options["deviations"] * deviation:
                yield finding(group, rows, known, mean)
                continue
        known, total, squares = known + 1, total + calls, squares + calls * calls


def finding(group, rows, known, mean):
    names = Counter(group.call[row] for row in rows)
    most = max(names, key=names.get)
    role = group.role[rows[0]]
    who = f"The role {role.rsplit('/', 1)[-1]}" if role else group.who[rows[0]] or "Someone"
    return Finding(
        rows,
        f"{who} made {counted(len(rows), 'call')} within an hour, mostly {most}; "
        f"in {counted(known, 'hour')} with calls before it was {mean:,.1f} on average.",
    )


Detector = plugin(MANIFEST, observe)

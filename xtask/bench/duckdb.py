"""Loads CloudTrail files into a DuckDB table and says what that took.

The question comes on stdin as JSON: {"paths": [...]}; the answer goes to stdout. One thread, as in what it is compared
with. DuckDB is told the columns, so that it need not guess them from the files, objects stay unparsed JSON, and
repeated deliveries are not looked for: each of these saves it work.
"""

import json
import resource
import sys
import time

# Beside this file lies nothing that python should import; without this, the script would shadow the module.
sys.path.pop(0)
import duckdb  # noqa: E402

TEXTS = (
    "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage "
    "requestID eventID eventType recipientAccountId sharedEventID vpcEndpointId eventCategory"
).split()
OBJECTS = (
    "userIdentity requestParameters responseElements additionalEventData resources serviceEventDetails tlsDetails"
).split()
FLAGS = "readOnly managementEvent".split()

# Larger than any file: DuckDB holds each one as a whole.
LARGEST_FILE = 256 << 20

LOAD = """
create table events as
select unnest(Records, recursive := true) from read_json(
    $paths, format = 'unstructured', compression = 'gzip', maximum_object_size = $largest,
    columns = {'Records': '%s'})
"""


def record_type():
    typed = [(TEXTS, "VARCHAR"), (OBJECTS, "JSON"), (FLAGS, "BOOLEAN")]
    fields = [f'"{name}" {kind}' for names, kind in typed for name in names]
    return f"STRUCT({', '.join(fields)})[]"


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    paths = json.load(sys.stdin)["paths"]
    connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": False})
    cpu, wall = cpu_seconds(), time.perf_counter()
    connection.execute(LOAD % record_type(), {"paths": paths, "largest": LARGEST_FILE})
    cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    rows = connection.execute("select count(eventID) from events").fetchone()[0]
    json.dump({"rows": rows, "cpu_s": cpu, "wall_s": wall, "version": duckdb.__version__}, sys.stdout)


main()

"""Loads CloudTrail files into a DuckDB table and says what that took.

The question comes on stdin as JSON: {"paths": [...], "largest": bytes of the largest file, inflated}; the answer goes to
stdout. One thread, as in what it is compared with. DuckDB finds the columns itself, which is quicker than telling it;
objects within a record stay unparsed JSON, and repeated deliveries are not looked for: both save it work.
"""

import json
import resource
import sys
import time

# Python looks for modules beside a script first, and would find this one.
sys.path.pop(0)
import duckdb  # noqa: E402

# The depth is that of a record's own values.
LOAD = """
create table events as
select unnest(Records, max_depth := 2)
from read_json($paths, maximum_object_size = $largest, maximum_depth = 3)
"""


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    question = json.load(sys.stdin)
    connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": False})
    cpu, wall = cpu_seconds(), time.perf_counter()
    connection.execute(LOAD, question)
    cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    rows = connection.execute("select count(eventID) from events").fetchone()[0]
    json.dump({"rows": rows, "cpu_s": cpu, "wall_s": wall, "version": duckdb.__version__}, sys.stdout)


main()

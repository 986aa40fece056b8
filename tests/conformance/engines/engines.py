"""The engines, each behind one function: SQL text in, sorted lines out.

A line is the group and twelve counts, with commas; lines are sorted, so that answers can be
compared byte by byte. Order: what a line is; ours; DuckDB; DataFusion; chDB; Spark is in
cluster.py, since it is many processes.
"""
import glob, json, subprocess

STATES = ["not-started", "in-progress", "submitted", "closed", "operating", "suspended", "not-applicable"]
LIGHTS = ["red", "amber", "green", "grey"]


def lines(rows):
    """Rows of any engine as one text."""
    return "\n".join(sorted(",".join(str(v) for v in row) for row in rows)) + "\n"


def days(as_of, on):
    return ["--as-of", as_of, "--on", on]


def ours(duban, data, by, as_of, on, full):
    """Our own roll-up."""
    command = [duban, *days(as_of, on), "rollup", "status", data, "--by", by, "--format", "json", *(["--full"] if full else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    # Parked segments are in the dataset on purpose, so the exit code is 1.
    assert done.returncode == 1, f"{command}: exit {done.returncode}: {done.stderr}"
    answer = json.loads(done.stdout)
    assert answer["parked"] > 0, "the parked segments are not told"
    rows = [r for r in answer["rows"] if r["key"] != "invalid"]
    return lines([r["key"], r["total"], *(r["states"][s] for s in STATES), *(r["lights"][x] for x in LIGHTS)] for r in rows)


def sql(duban, data, by, as_of, on, snapshot):
    """The contract's text for a question."""
    command = [duban, *days(as_of, on), "rollup", "sql", data, "--by", by, *(["--snapshot"] if snapshot else [])]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


FOLDERS = {"changes": "log", "states": "state", "obligations": "obligations"}


class DuckDB:
    name = "duckdb"

    def __init__(self, data, threads=2):
        import duckdb

        self.version = duckdb.__version__
        self.db = duckdb.connect()
        self.db.execute(f"SET threads = {threads}")
        for table, folder in FOLDERS.items():
            self.view(table, f"'{data}/{folder}/*/{'' if folder == 'obligations' else '*/'}part-*.parquet'")

    def view(self, table, files):
        self.db.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet({files}, hive_partitioning = false)")

    def ask(self, text):
        return lines(self.db.execute(text).fetchall())


class DataFusion:
    name = "datafusion"

    def __init__(self, data):
        import datafusion
        import pyarrow as pa

        self.version = datafusion.__version__
        self.context = datafusion.SessionContext()
        for table, folder in FOLDERS.items():
            columns = {"log": ["province", "month"], "state": ["month", "province"], "obligations": ["province"]}[folder]
            self.context.register_parquet(table, f"{data}/{folder}/", table_partition_cols=[(c, pa.string()) for c in columns])

    def ask(self, text):
        return lines(tuple(r.values()) for batch in self.context.sql(text).collect() for r in batch.to_pylist())


class ChDB:
    name = "chdb"

    def __init__(self, data, work):
        import chdb
        from chdb import session

        self.version = chdb.__version__
        self.session = session.Session(f"{work}/chdb")
        for table, folder in FOLDERS.items():
            files = f"{data}/{folder}/*/{'' if folder == 'obligations' else '*/'}part-*.parquet"
            self.session.query(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM file('{files}', Parquet)")

    def ask(self, text):
        said = str(self.session.query(text, "TabSeparated"))
        return lines(line.split("\t") for line in said.splitlines())


def parts(data, folder):
    """Every part of a table."""
    return sorted(glob.glob(f"{data}/{folder}/**/part-*.parquet", recursive=True))

"""Apache Spark as a real standalone cluster on loopback: a master and two workers, each a process
of its own, with authentication and encryption on. It ends the processes that it started, and no
others.
"""
import os, secrets, signal, socket, subprocess, threading, time, json, urllib.request

from engines import FOLDERS, lines


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    name = "spark"

    def __init__(self, data, work):
        import pyspark

        self.version, self.work, self.alive = pyspark.__version__, work, []
        self.home = os.path.dirname(pyspark.__file__)
        os.makedirs(f"{work}/spark", exist_ok=True)
        self.properties = os.path.abspath(f"{work}/spark/office.conf")
        secret = secrets.token_hex(32)
        descriptor = os.open(self.properties, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as f:
            f.write(f"spark.authenticate true\nspark.authenticate.secret {secret}\nspark.network.crypto.enabled true\n")
        self.port = free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.start("master", ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(self.port), "--webui-port", str(free_port())])
        self.until("the master listens", lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() or True)
        self.workers = [self.worker(n) for n in (1, 2)]
        self.session = self.connect(data)
        self.until("both workers have an executor", lambda: len(self.executors()) == 2)

    def start(self, name, arguments):
        """A process in a group of its own, so that it can be ended with what it starts."""
        log = open(f"{self.work}/spark/{name}.log", "w")
        env = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": self.home, "SPARK_WORKER_DIR": f"{self.work}/spark/{name}"}
        command = [f"{self.home}/bin/spark-class", *arguments, "--properties-file", self.properties]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env, start_new_session=True)
        self.alive.append(process)
        return process

    def worker(self, n):
        return self.start(f"worker-{n}", ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
                                          "--webui-port", str(free_port()), self.url])

    def until(self, what, done, seconds=90):
        end = time.time() + seconds
        while time.time() < end:
            dead = [p.args for p in self.alive if p.poll() not in (None, -signal.SIGKILL)]
            assert not dead, f"{dead} ended; see {self.work}/spark/*.log"
            try:
                if done():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s in vain: {what}; see {self.work}/spark/*.log")

    def connect(self, data):
        from pyspark.sql import SparkSession

        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        builder = SparkSession.builder.master(self.url).appName("duban-rollup")
        with open(self.properties) as f:
            for line in f:
                builder = builder.config(*line.split())
        self.ui = free_port()
        for key, value in {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "768m",
            "spark.executor.cores": "1",
            "spark.ui.port": str(self.ui),
            "spark.ui.showConsoleProgress": "false",
            # Small tasks, so that a worker dies in the middle of something.
            "spark.sql.files.maxPartitionBytes": "1m",
            "spark.sql.files.openCostInBytes": "128k",
            "spark.sql.shuffle.partitions": "8",
            "spark.sql.adaptive.enabled": "true",
        }.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        for table, folder in FOLDERS.items():
            session.read.parquet(f"{data}/{folder}").createOrReplaceTempView(table)
        return session

    def api(self, path):
        app = self.session.sparkContext.applicationId
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ui}/api/v1/applications/{app}/{path}", timeout=5) as answer:
            return json.load(answer)

    def executors(self, every=False):
        return [e for e in self.api("allexecutors" if every else "executors") if e["id"] != "driver"]

    def ask(self, text):
        return lines(tuple(r) for r in self.session.sql(text).collect())

    def ask_and_kill(self, text):
        """Asks, and kills a worker with its executor while tasks run. Gives the answer and what was seen."""
        before = len(self.executors(True))
        answer, failed = [], []

        def run():
            try:
                answer.append(self.ask(text))
            except Exception as e:  # told below
                failed.append(e)

        query = threading.Thread(target=run)
        query.start()
        tracker = self.session.sparkContext.statusTracker()

        def running():
            assert query.is_alive(), "the query was over before a worker could be killed: ask of more data"
            infos = [tracker.getStageInfo(s) for s in tracker.getActiveStageIds()]
            return any(i and i.numActiveTasks >= 2 and i.numCompletedTasks > 0 and i.numTasks - i.numCompletedTasks > 4 for i in infos)

        end = time.time() + 120
        while not running():
            assert time.time() < end, "the query did not begin to run"
            time.sleep(0.02)
        os.killpg(self.workers[1].pid, signal.SIGKILL)
        in_the_middle = query.is_alive()
        self.workers[1].wait()
        query.join()
        assert not failed, f"the query failed after the kill: {failed[0]}"
        lost = [e for e in self.executors(True) if not e["isActive"]]
        assert in_the_middle and lost, f"no executor was lost (of {before})"
        tasks = sum(e["totalTasks"] for e in lost)
        return answer[0], f"executor {lost[0]['id']} lost after {tasks} tasks; {len(self.executors())} left"

    def close(self):
        try:
            self.session.stop()
        finally:
            for process in reversed(self.alive):
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
            for process in self.alive:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)

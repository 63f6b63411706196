"""Stash's job queue: one job at a time, a stopped one is CANCELLED at once, the last ten finished are remembered."""

import threading
import traceback
from collections.abc import Callable
from typing import Any

from tests.sim.stash.clock import precise_now

KEPT = 10


class JobFailed(Exception):
    """The text becomes the job's error."""


class Job:
    """`stopped` is set by stopJob; the work looks at it and ends."""

    def __init__(self, number: int, description: str, work: "Work") -> None:
        self.number = number
        self.work = work
        self.stopped = threading.Event()
        self.row: dict[str, Any] = {
            "id": number,
            "status": "READY",
            "subTasks": None,
            "description": description,
            "progress": 0,
            "startTime": None,
            "endTime": None,
            "addTime": precise_now(),
            "error": None,
        }

    def set_progress(self, fraction: float) -> None:
        self.row["progress"] = min(1.0, max(0.0, fraction))


Work = Callable[[Job], None]


class Jobs:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[Job] = []
        self._finished: list[Job] = []
        self.last_id = 0
        threading.Thread(target=self._run_forever, daemon=True, name="jobs").start()

    def add(self, description: str, work: Work) -> Job:
        with self._changed:
            self.last_id += 1
            job = Job(self.last_id, description, work)
            self._queue.append(job)
            self._changed.notify_all()
        return job

    def rows(self) -> list[dict[str, Any]] | None:
        """None for an empty queue, as Stash answers."""
        with self._changed:
            return [dict(job.row) for job in self._queue] or None

    def find(self, number: int) -> dict[str, Any] | None:
        with self._changed:
            for job in [*self._queue, *self._finished]:
                if job.number == number:
                    return dict(job.row)
        return None

    def stop(self, number: int | None = None) -> None:
        """One job, or all with None. A waiting one is cancelled here, the running one by its own thread."""
        with self._changed:
            for job in [each for each in self._queue if number in {None, each.number}]:
                job.stopped.set()
                if job.row["status"] == "READY":
                    self._end(job, "CANCELLED")
                elif job.row["status"] == "RUNNING":
                    job.row["status"] = "STOPPING"

    def wait_for(self, job: Job, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: job not in self._queue, timeout=seconds)

    def _run_forever(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._queue))
                job = self._queue[0]
                job.row.update(status="RUNNING", startTime=precise_now())
            error = _run(job)
            with self._changed:
                job.row["error"] = error
                status = "CANCELLED" if job.stopped.is_set() else "FAILED" if error else "FINISHED"
                self._end(job, status)

    def _end(self, job: Job, status: str) -> None:
        job.row.update(status=status, endTime=precise_now())
        self._queue.remove(job)
        self._finished = [*self._finished, job][-KEPT:]
        self._changed.notify_all()


def _run(job: Job) -> str | None:
    try:
        job.work(job)
    except JobFailed as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  the boundary of a job: a bug of the simulator is shown, the queue lives on
        traceback.print_exc()
        return f"bug in the simulator: {error!r}"
    return None

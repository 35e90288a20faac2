"""What the end of a job needs, in memory: the files that Bedrock leaves, the history, a painter, and pins."""

from bot.charts.model import Chart
from bot.jobs.curves import Curves
from bot.jobs.history import Run
from bot.jobs.ports import ResultFiles
from tests.doubles.bedrock import Orders

TRAINING = b"step_number,epoch_number,training_loss\n" + b"".join(
    b"%d,%d,%.4f\n" % (step, step // 3 + 1, 2 * 0.85**step) for step in range(6)
)
VALIDATION = b"step_number,epoch_number,validation_loss\n3,1,1.5000\n6,2,1.1000\n"


class InMemoryResults(Orders):
    """A ``JobResults`` in memory: every job leaves ``files``, once it is asked for; none before a test sets it."""

    def __init__(self, files: ResultFiles | None = None) -> None:
        super().__init__()
        self.files = files or ResultFiles(TRAINING, VALIDATION)

    def read(self, region: str, output_uri: str, job_arn: str) -> ResultFiles:
        assert job_arn.startswith(f"arn:aws:bedrock:{region}:")
        return self._call("read", lambda: self.files)


class InMemoryHistory(Orders):
    """A ``JobHistory`` in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: dict[str, Run] = {}

    def save(self, run: Run) -> None:
        self._call("save", lambda: self.runs.update({run.job_id: run}))

    def newest(self, profile: str, limit: int = 100) -> list[Run]:
        def act() -> list[Run]:
            here = [each for each in self.runs.values() if each.profile == profile]
            return sorted(here, key=lambda each: each.ended, reverse=True)[:limit]

        return self._call("newest", act)


class PlainCharts:
    """``Charts`` whose pictures are words."""

    def draw(self, chart: Chart) -> bytes:
        return chart.title.encode()


class PlainPainter:
    """A ``CurvePainter`` whose pictures are words."""

    def paint(self, curves: Curves, title: str, best_epoch: int | None) -> bytes:
        return f"{title}: {len(curves.training)} steps, best at {best_epoch}".encode()

"""The losses of a job as a chart: ``bot.jobs.ports.CurvePainter`` on ``Charts``."""

from bot.charts.model import Axis, Line, LineChart, Mark
from bot.charts.ports import Charts
from bot.jobs.curves import Curves


class CurvePictures:
    """Says what is seen of the losses, and has it drawn."""

    def __init__(self, charts: Charts) -> None:
        self._charts = charts

    def paint(self, curves: Curves, title: str, best_epoch: int | None) -> bytes:
        """Return a PNG that can be read on a phone.

        Raises:
            ValueError: there is no point to draw.
        """
        return self._charts.draw(chart_of(curves, title, best_epoch))


def chart_of(curves: Curves, title: str, best_epoch: int | None) -> LineChart:
    """Return both losses over the epochs. A training step stands where it ends; steps count from 0."""
    steps = max((each.step for each in curves.training), default=0) + 1
    epochs = max(1, curves.epochs)
    training = tuple((epochs * (each.step + 1) / steps, each.loss) for each in curves.training)
    validation = tuple((float(each.epoch), each.loss) for each in curves.validation)
    lines = (Line("training loss", training), Line("validation loss", validation, dots=True))
    return LineChart(
        title=title,
        lines=tuple(each for each in lines if each.points),
        x=Axis("epochs trained", whole=True),
        begin=0.0,
        marks=() if best_epoch is None else (Mark(float(best_epoch), f"best: epoch {best_epoch}"),),
    )

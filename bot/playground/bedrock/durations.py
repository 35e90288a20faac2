"""How long things take, in simulated seconds. Sources: real runs in us-west-2 and us-east-1 between 2024 and 2026."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Durations:
    """Lengths in simulated seconds; ``factor`` scales all of them.

    Real validation takes 2 to 4 minutes and real training hours, mostly in a queue; here training is tens of
    minutes and grows with the steps. Throughput was seen in service after 10 minutes (AWS's notebook says 20 to
    30), a deployment active after 8.
    """

    validation: float = 180
    processing: float = 120
    step: float = 20
    training_least: float = 600
    training_most: float = 5400
    stopping: float = 60
    throughput: float = 600
    throughput_update: float = 180
    deployment: float = 480
    deployment_update: float = 300
    batch_queue: float = 300
    batch_record: float = 2
    batch_most: float = 3600
    factor: float = 1.0

    def scaled(self, seconds: float) -> float:
        """Return ``seconds`` times the factor."""
        return seconds * self.factor

    def batch(self, records: int) -> float:
        """Return how long a batch job works on so many records; real ones take minutes to a day (own figures)."""
        return self.scaled(min(records * self.batch_record, self.batch_most))

    def training(self, steps: int) -> float:
        """Return how long ``steps`` of training take."""
        return self.scaled(min(max(steps * self.step, self.training_least), self.training_most))

"""What is counted for /metrics; no person, no text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class Meters:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter("lotse_updates_received", "Updates taken in", registry=self.registry)
        self.failed = Counter("lotse_updates_failed", "Updates set aside after three tries", registry=self.registry)
        self.outcomes = Counter(
            "lotse_outcomes", "Questions by outcome and language", ["outcome", "language"], registry=self.registry
        )
        self.seconds = Histogram(
            "lotse_handling_seconds",
            "Time to handle an update, replies included",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self.registry,
        )

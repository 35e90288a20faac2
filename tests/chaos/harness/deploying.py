"""What people do with an open base: deploy a model, give it an alias, put a newer one in its place, roll back, remove.

The two models are trained before anybody is disturbed, so that what is disturbed is about deployments and aliases.
Beside what is compared with an undisturbed journey, people look for themselves: whether a deployment is there that the
store has no record of, one is gone that nobody removed, and whether an alias stands for what does not answer and says
nothing of it.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from redis import RedisError

from bot.datasets.model import Role
from bot.derivations.conversion import convert
from bot.playground.narration import text_of
from bot.playground.slack import SeenByPerson
from bot.profiles import registry
from storage.keys import Keys
from tests.chaos.harness.journey import CLAIMS, HOUR, Journey
from tests.chaos.harness.waiting import PREFIX
from tests.chaos.harness.watching import CHANNEL, Json

BASE = "nova-micro"
ALIAS = "support"
GONE = "AWS confirms it"
"""What is only said of a deployment that AWS was read back for."""


@cache
def claims() -> bytes:
    """Return the file that is dropped, in the base's own format."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "claims.jsonl"
        convert(CLAIMS, target, registry.get(BASE), Role.TRAINING)
        return target.read_bytes()


@dataclass
class Deploying(Journey):
    """One team's work with two models of an open base."""

    CHAPTERS: ClassVar[tuple[str, ...]] = (
        "file", "plan", "start", "train",
        "deploy", "alias", "ask", "replace", "promote", "back", "remove", "rest",
    )  # fmt: skip
    DISTURBED: ClassVar[tuple[str, ...]] = CHAPTERS[CHAPTERS.index("deploy") :]
    SETTINGS: ClassVar[Mapping[str, str]] = {"TUNESMITH_BASE_MODEL": BASE}

    @property
    def newer(self) -> str:
        """The model that takes the other's place."""
        return f"{self.model}-next"

    def content(self) -> bytes:
        """Return what is dropped."""
        return claims()

    def train(self) -> None:
        """Let the job end, and have a second one trained from the same data."""
        super().train()
        self.roots["plan"] = self._does(
            self._plans_the_newer, lambda: self._find("plan.start job", words=(f"{self.newer}-job",))
        )
        self._does(
            lambda: self.trainer.clicks(self.roots["plan"], "plan.start"),
            lambda: self._find("job.stop", words=(f"{self.newer}-job", "stages done")),
        )
        for _ in range(4):
            self.playground.bedrock.clock.advance(HOUR / 2)
        self._sees("model.serve", words=(self.newer,))

    def _plans_the_newer(self) -> None:
        self._closes_what_is_open()
        self.trainer.slash("/tune", f"again {self.model}-job", CHANNEL)
        form = self.trainer.wait_for(self.trainer.view, 3)
        answer = self.trainer.submits(form, {"model_name": self.newer, "job_name": f"{self.newer}-job"})
        if answer["errors"]:
            raise SeenByPerson(str(answer["errors"]))

    # The deployment

    def deploy(self) -> None:
        """Have the model deployed, and see it in service."""
        before = self.roots.get("lease", {}).get("ts", "0")
        self.roots["lease"] = self._does(
            lambda: self.trainer.slash("/tune", f"serve {self.model}", CHANNEL),
            lambda: self._card(self.model, after=before),
        )
        self._is_made(self.model, self._deploy_again)

    def _deploy_again(self) -> None:
        self.again["deploy"] += 1
        self.deploy()

    def _card(self, *words: str, after: str = "0") -> Json | None:
        return self._find("deployment.remove", words=words, after=after)

    def _is_made(self, model: str, otherwise: Callable[[], None]) -> None:
        """Let AWS take its time, whenever it was asked, and see the model in service."""

        def look() -> Json | None:
            self.playground.bedrock.clock.advance(HOUR / 60)
            return self._card(f"`{model}`* · in service\n")

        self._waits(look, "deployment", otherwise)

    def replace(self) -> None:
        """Have the newer model answer at the same address."""
        self._does(
            lambda: self.trainer.slash("/tune", f"serve {self.newer} in place of {self.model}", CHANNEL),
            lambda: self._card(self.newer),
        )
        self._is_made(self.newer, self._replace_again)

    def _replace_again(self) -> None:
        self.again["replace"] += 1
        self.replace()

    def remove(self) -> None:
        """Look at what is there, and have it removed."""
        self._looks()
        self._does(
            lambda: self.trainer.slash("/tune", f"release {self.newer}", CHANNEL),
            lambda: self._ended() or self._took_it_as_ended(),
        )

    def _ended(self) -> Json | None:
        return self._find(None, words=(GONE,), thread=self.roots["lease"]["ts"])

    def _took_it_as_ended(self) -> Json | None:
        told = self._hears("is asleep: nothing runs")
        if told is None or not self.playground.losses or not self._hopeless("deployment"):
            return None
        if self.playground.bedrock.state()["deployments"]:
            return None  # that was wrong, and will be found
        self.ended_untold = True
        return told

    # The alias

    def alias(self) -> None:
        """Have the alias stand for the model."""
        self._stands_for(self.model, f"alias {ALIAS} {self.model}")

    def promote(self) -> None:
        """Have it stand for the newer one, which is in service."""
        shown = self._stands_for(self.newer, f"alias {ALIAS} {self.newer}")
        if "not in service" in text_of(shown):
            self.wrong.append(f"the alias is said not to be in service, and is: {text_of(shown)}")

    def back(self) -> None:
        """Have it stand for the older one again, which is not in service any more: that has to be said."""
        missing = dict.fromkeys(("There is no alias", "stood for no other model"), self.alias)
        shown = self._stands_for(self.model, f"alias {ALIAS} back", missing)
        if "not in service" not in text_of(shown):
            self.wrong.append(
                f"the alias stands for what is not in service, without a word: {text_of(shown)}"
            )

    def _stands_for(
        self, model: str, command: str, told: Mapping[str, Callable[[], None]] | None = None
    ) -> Json:
        before = self.roots.get("alias", {}).get("ts", "0")
        self.roots["alias"] = self._does(
            lambda: self.trainer.slash("/tune", command, CHANNEL),
            lambda: self._find(None, words=(f"*`{ALIAS}`* is `{model}`",), by_bot=True, after=before),
            told,
        )
        return self.roots["alias"]

    # What people look for themselves

    def _looks(self) -> None:
        """Note what is there without a record, and what went without anybody having removed it."""
        deletions = self.playground.bedrock.log.of("DeleteCustomModelDeployment", outcome="ok")
        if deletions:
            self.wrong.append(f"{len(deletions)} deployments were removed that nobody wanted removed")
        if not self.playground.bedrock.state()["deployments"]:
            self.wrong.append("the deployment is gone, and nobody has removed it")
        if self._ended():
            self.wrong.append("the deployment is said to be gone, and is there")
        try:
            self.playground.until(lambda: not self._unrecorded(), self.patience)
        except TimeoutError:
            self.wrong.append(f"deployments without a record: {self._unrecorded()}")

    def _unrecorded(self) -> list[str]:
        """Return the deployments that no record in the store is about."""
        there = {str(each["name"]) for each in self.playground.bedrock.state()["deployments"]}
        keys, raw = Keys(PREFIX), self.playground.raw
        try:
            for each in raw.zrange(keys.due("deployment"), 0, -1):
                spec = json.loads(raw.hget(f"{keys.root}:resource:deployment:{each}", "spec") or "{}")
                there.discard(str(spec.get("name")))
        except RedisError:
            return ["the store is away"]
        return sorted(there)


__all__ = ["ALIAS", "BASE", "Deploying"]

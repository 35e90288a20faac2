"""The whole bot in this process, between the stand-ins and a real Redis, as a test drives it: through front doors."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.playground.bedrock import BedrockStandIn
from bot.playground.bedrock.settling import settle
from bot.playground.narration import buttons, text_of
from bot.playground.slack import Person, SeenByPerson, SlackStandIn
from storage.clients import worker
from storage.keys import Keys

Json = dict[str, Any]

SAMPLES = Path(__file__).resolve().parents[2] / "bot" / "playground" / "samples"
CLAIMS = (SAMPLES / "claims.jsonl").read_bytes()
CHANNEL = "claims-ai"
PATIENCE = 60.0
"""Seconds of real time that anything may take to be seen on a machine with much else to do; what works is there within
one or two."""
HOUR = 3600.0


REWIND = """
local root, ms = ARGV[1], tonumber(ARGV[2])
local function earlier(before, at) return before .. string.format('%.3f', tonumber(at) - ms / 1000) end
for _, kind in ipairs(redis.call('SMEMBERS', root .. ':kinds')) do
  local due = root .. ':due:' .. kind
  for _, id in ipairs(redis.call('ZRANGE', due, 0, -1)) do
    local key = root .. ':resource:' .. kind .. ':' .. id
    if redis.call('HGET', key, 'lease') == '0' then
      redis.call('ZINCRBY', due, string.format('%.0f', -ms), id)
      local status = redis.call('HGET', key, 'status')
      if status then
        redis.call('HSET', key, 'status', (string.gsub(status, '("at":%s*)(%d+%.?%d*)', earlier)))
      end
    end
  end
  redis.call('ZADD', root .. ':next', 'XX', 'INCR', string.format('%.0f', -ms), due)
end
"""
"""Moves all that nobody has in hand into the past, with the times of attempts that it keeps: the same as waiting."""


class House:
    """The stand-ins, the people, and the bot between them."""

    def __init__(self, slack: SlackStandIn, bedrock: BedrockStandIn, environment: Mapping[str, str]) -> None:
        self.slack = slack
        self.bedrock = bedrock
        self.environment = dict(environment)
        self.trainer, self.approver, self.asker = (
            slack.person(role) for role in ("trainer", "approver", "asker")
        )
        self.bystander = slack.person("kofi")

    # Seeing

    def waits(
        self,
        *words: str,
        by: Person | None = None,
        where: str = CHANNEL,
        button: str | None = None,
        thread: str | None = None,
        after: str = "0",
        patience: float = PATIENCE,
    ) -> Json:
        """Wait until a person sees a message with these words, with this button, in this thread; return it."""
        person = by or self.trainer

        def matches(message: Json) -> bool:
            said = text_of(message)
            return (
                all(word in said for word in words)
                and (button is None or button in buttons(message))
                and (thread is None or message.get("thread_ts") == thread)
            )

        try:
            return person.waits_for_message(where, matches, patience, after=after)
        except TimeoutError:
            wanted = f"{words} with the button {button}" if button else f"{words}"
            raise AssertionError(f"waited for {wanted}; {self.told(person, where)}") from None

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds of which Slack shows nothing."""
        deadline = time.monotonic() + PATIENCE
        while not self.slack.wait_for(holds, 0.05):
            assert time.monotonic() < deadline, f"waited for {what}; {self.told(self.trainer)}"

    def told(self, person: Person, where: str = CHANNEL) -> str:
        """Return what a person has seen lately, for a failure's text."""
        messages = person.sees(where)
        said = [text_of(reply) for message in messages for reply in [message, *person.thread(message)[1:]]]
        return "seen were:\n" + "\n".join(f"- {each[:300]}" for each in said[-9:])

    def details(self, message: Json, by: Person | None = None) -> str:
        """Press *Details* under a message and return what it shows."""
        person = by or self.trainer
        person.clicks(message, "details")
        view = self.form(person)
        person.closes(view)
        return text_of(view)

    def form(self, by: Person | None = None) -> Json:
        """Wait for a form to open and return it."""
        person = by or self.trainer
        found: Json = person.wait_for(person.view, PATIENCE)
        return found

    def lives(self, by: Person | None = None) -> None:
        """Hold that the process still answers."""
        person = by or self.trainer
        person.slash("/tune", "help validate", CHANNEL)
        self.waits("/tune validate [FILE]", by=person)

    # Doing

    def passes(self, seconds: float) -> None:
        """Let time pass for Bedrock, and have it tell its events: else it does so with the next call to it."""
        self.bedrock.clock.advance(seconds)
        with self.bedrock.world.lock:
            settle(self.bedrock.world)

    def presses(self, person: Person, message: Json, action_id: str) -> None:
        """Press a button, or find that an earlier press has taken it away."""
        try:
            person.clicks(message, action_id)
        except SeenByPerson as late:
            if "no longer there" not in late.text:
                raise

    def store_passes(self, seconds: float) -> None:
        """Let time pass for what waits in Redis; what a worker has in hand is left alone."""
        keys = Keys(self.environment["TUNESMITH_REDIS_PREFIX"])
        with worker(self.environment["REDIS_URL"]) as client:
            client.eval(REWIND, 1, keys.kinds, keys.root, round(seconds * 1000))

    def waits_patiently(self, *words: str, button: str | None = None, thread: str | None = None) -> Json:
        """Wait for a message for which the bot itself waits longer than a test may: its time passes quickly."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.waits(*words, button=button, thread=thread, patience=0.1)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                self.store_passes(30)

    def uploads(self, content: bytes = CLAIMS, name: str = "claims.jsonl") -> Json:
        """Drop a file into the channel as the trainer; return the message that it came in."""
        self.trainer.uploads(CHANNEL, name, content)
        return self.trainer.sees(CHANNEL)[-1]

    def dataset(self, content: bytes = CLAIMS, name: str = "claims.jsonl") -> Json:
        """Drop a file and wait for the verdict that a job can start from."""
        message = self.uploads(content, name)
        return self.waits(button="dataset.start", thread=message["ts"])

    def plan(self, verdict: Json | None = None, **values: str) -> Json:
        """Submit the form that a verdict's button opens; return the plan's card."""
        self.trainer.clicks(verdict or self.dataset(), "dataset.start")
        answer = self.trainer.submits(self.form(), values)
        assert not answer["errors"], answer["errors"]
        return self.waits(button="plan.start job")

    def job(self, model: str = "claims-router") -> Json:
        """Start a job; return its live card, once Bedrock has the job."""
        plan = self.plan(model_name=model, job_name=f"{model}-job")
        self.trainer.clicks(plan, "plan.start")
        return self.waits("stages done", button="job.stop")

    def model(self, model: str = "claims-router") -> Json:
        """Train a model; return the message that tells the end."""
        self.job(model)
        self.passes(2 * HOUR)
        return self.waits(model, button="model.serve")

    def lease(self, model: str = "claims-router", length: str = "1h") -> Json:
        """Lease throughput for a model that is there, without an approval; return the card of what is in service."""
        self.trainer.slash("/tune", f"serve {model} for {length}", CHANNEL)
        card = self.waits(button="plan.start lease")
        self.trainer.clicks(card, "plan.start")
        self.waits("creating", button="lease.release")
        self.passes(HOUR / 4)
        return self.waits("in service", button="lease.extend")

    # Counting

    def created(self, operation: str) -> int:
        """Return how many things an operation of Bedrock really created."""
        done = self.bedrock.log.of(operation, outcome="ok")
        return sum(1 for call in done if call.effect and not call.repeated)

    def running(self) -> list[Json]:
        """Return the throughputs that run."""
        found: list[Json] = self.bedrock.state()["throughputs"]
        return found


def claude_rows(answers: Mapping[str, str], copies: int) -> bytes:
    """Return a training file for Claude: each question with its answer, ``copies`` times with another number."""
    rows = [
        {
            "system": "You answer questions about claims.",
            "messages": [
                {"role": "user", "content": f"{question} (case {number})"},
                {"role": "assistant", "content": answer},
            ],
        }
        for number in range(copies)
        for question, answer in answers.items()
    ]
    return _lines(rows)


def nova_rows(count: int) -> bytes:
    """Return a training file for Amazon Nova."""
    rows = [
        {
            "schemaVersion": "bedrock-conversation-2024",
            "system": [{"text": "You route health-insurance claims."}],
            "messages": [
                {"role": "user", "content": [{"text": f"Where does claim {number} about {topic} go?"}]},
                {"role": "assistant", "content": [{"text": f"queue-{topic}"}]},
            ],
        }
        for number in range(count)
        for topic in ("dental", "vision")
    ]
    return _lines(rows)


def _lines(rows: list[Json]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()

"""The whole journey without a browser, through the front doors of the playground, told as it happens.

Each chapter does what a person does and waits for what they would see; a chapter that sees something else fails with
what it waited for. At the end the stand-ins' own logs are asked whether everything happened, and happened once.
"""

import json
import time
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape

from bot.playground.narration import (
    CHANNEL,
    MODEL,
    PATIENCE,
    QUESTION,
    SAMPLES,
    ChapterFailedError,
    Json,
    Story,
    answered,
    buttons,
    text_of,
)
from bot.playground.open_base import OPEN_MODEL, serve_on_demand, train_an_open_base
from bot.playground.stack import Stack


def tell(stack: Stack, console: Console) -> bool:
    """Run all chapters; return whether every one of them held."""
    trainer, approver, asker = (stack.slack.person(role) for role in ("trainer", "approver", "asker"))
    story = Story(stack, console, trainer, approver, asker)
    started = time.monotonic()
    for number, (title, chapter) in enumerate(CHAPTERS, 1):
        console.print(f"\n[bold cyan]{number}. {title}[/]")
        begun = time.monotonic()
        try:
            chapter(story)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong, the reader gets it in words
            console.print(f"[bold red]failed:[/] {escape(str(error) or repr(error))}")
            return False
        console.print(f"  [dim]{time.monotonic() - begun:.1f} s[/]")
    console.print("\n[bold green]The whole journey held.[/]")
    for name, figure in (story.figures | {"time": f"{time.monotonic() - started:.0f} s"}).items():
        console.print(f"  {name}: {figure}")
    return True


def ready(story: Story) -> None:
    """The bot connects by itself; its help is made from its commands."""
    begun = time.monotonic()
    story.stack.wait_until_ready()
    story.figures["start-up of the bot to ready"] = f"{time.monotonic() - begun:.1f} s"
    story.tell("tess", "/tune help")
    story.trainer.slash("/tune", "help", CHANNEL)
    answer = story.wait(
        "the help",
        lambda message: message.get("ephemeral") and "What would you like to do?" in text_of(message),
    )
    story.tell("tunesmith", text_of(answer).splitlines()[0])


def validate(story: Story) -> None:
    """A file is dropped into the channel and judged in its thread."""
    content = (SAMPLES / "claims.jsonl").read_bytes()
    story.tell("tess", f"(drops claims.jsonl, {len(content):,} bytes, into #{CHANNEL})")
    story.trainer.uploads(CHANNEL, "claims.jsonl", content, "Here is our first batch")
    story.verdict = story.wait("the verdict", lambda message: "dataset.start" in buttons(message))
    story.show(story.verdict)
    stored = story.stack.bedrock.log.of("PutObject", outcome="ok")
    if not any("datasets/" in json.dumps(call.parameters) for call in stored):
        raise ChapterFailedError("no dataset was stored in S3")


def refuse(story: Story) -> None:
    """A file with mistakes is not accepted, and every mistake is named."""
    content = (SAMPLES / "claims-blocked.jsonl").read_bytes()
    story.tell("tess", "(drops claims-blocked.jsonl)")
    story.trainer.uploads(CHANNEL, "claims-blocked.jsonl", content)
    verdict = story.wait(
        "the refusal", lambda message: message.get("thread_ts") and "claims-blocked" in text_of(message)
    )
    story.show(verdict)
    if "dataset.start" in buttons(verdict):
        raise ChapterFailedError("a blocked file could be started from")


def plan(story: Story) -> None:
    """The form, then the plan with its price; nothing is spent."""
    story.tell("tess", "(presses *Start a job*, submits the form)")
    story.trainer.clicks(story.verdict, "dataset.start")
    form = story.trainer.wait_for(story.trainer.view, PATIENCE)
    answer = story.trainer.submits(form, {"model_name": MODEL})
    if answer.get("errors"):
        raise ChapterFailedError(f"the form was refused: {answer['errors']}")
    story.plan = story.wait("the plan", lambda message: "plan.start job" in buttons(message))
    story.show(story.plan)
    if story.stack.bedrock.log.of("CreateModelCustomizationJob"):
        raise ChapterFailedError("a job was created before anybody pressed Start")


def start(story: Story) -> None:
    """Start is pressed twice; one job starts. Then the bot is killed in the middle of it."""
    story.tell("tess", "(presses *Start*, twice)")
    story.trainer.clicks(story.plan, "plan.start")
    try:
        story.trainer.clicks(story.plan, "plan.start")
    except Exception as gone:  # noqa: BLE001 -- the second press may come too late to find its button
        story.tell("slack", str(gone))
    card = story.wait(
        "the live message", lambda message: "job.stop" in buttons(message) and MODEL in text_of(message)
    )
    story.show(card)
    victim = story.stack.kill_the_bot()
    story.tell(
        "(you)", f"kill -9 {victim}: the bot is gone in the middle of it, and started half a minute later"
    )


def follow(story: Story) -> None:
    """The job is followed to its end, through the kill."""
    end = story.wait(
        "the end of the job", lambda message: "model.serve" in buttons(message) and MODEL in text_of(message)
    )
    story.show(end)
    if f"<@{story.trainer.id}>" not in json.dumps(end):
        raise ChapterFailedError("the end does not mention its owner")
    replies = [text_of(message).splitlines()[0] for message in story.trainer.thread(story.plan)[1:]]
    for line in replies:
        story.tell("(thread)", line)


def serve(story: Story) -> None:
    """Throughput for two hours is over the limit: the approver agrees, then it is leased."""
    story.tell("tess", f"/tune serve {MODEL} for 2h")
    story.trainer.slash("/tune", f"serve {MODEL} for 2h", CHANNEL)
    story.lease = story.wait("the price of the lease", lambda message: "plan.start lease" in buttons(message))
    story.show(story.lease)
    if story.stack.bedrock.log.of("CreateProvisionedModelThroughput"):
        raise ChapterFailedError("throughput was bought before anybody agreed")
    story.tell("tess", "(presses *Start lease*)")
    story.trainer.clicks(story.lease, "plan.start")
    request = story.wait(
        "the request for approval",
        lambda message: "plan.approve lease" in buttons(message),
        by=story.approver,
    )
    story.show(request)
    story.tell("amir", "(presses *Approve*)")
    story.approver.clicks(request, "plan.approve")
    awake = story.wait(
        "the model in service",
        lambda message: (
            "lease.release" in buttons(message) and "in service" in text_of(message).splitlines()[0]
        ),
    )
    story.show(awake)
    story.wait(
        "the notice that it is in service",
        lambda message: message.get("thread_ts") == awake["ts"] and "in service" in text_of(message).lower(),
    )


def ask(story: Story) -> None:
    """An asker asks in the channel; the tuned model answers as its training data would."""
    story.tell("ines", f"/ask {MODEL} {QUESTION}")
    story.asker.slash("/ask", f"{MODEL} {QUESTION}", CHANNEL)
    story.answer = story.wait(
        "the answer",  # that of this model: another one was asked the same before
        lambda message: answered(message, "appeals-oncology") and f"`{MODEL}`" in text_of(message),
        by=story.asker,
    )
    story.show(story.answer)
    if not story.stack.slack.log.calls("chat.startStream", ok=True):
        raise ChapterFailedError("the answer was not streamed")
    _was_asked_with_the_training_prompt(story)


def _was_asked_with_the_training_prompt(story: Story) -> None:
    first = json.loads((SAMPLES / "claims.jsonl").read_text(encoding="utf-8").splitlines()[0])
    asked = story.stack.bedrock.log.of("ConverseStream", "InvokeModelWithResponseStream", outcome="ok")
    if not asked or first["system"][:40] not in json.dumps(asked[-1].parameters, ensure_ascii=False):
        raise ChapterFailedError("the model was not asked with the system prompt that it was trained with")


def converse(story: Story) -> None:
    """A mention, a follow-up in its thread, and a direct message."""
    mention = story.asker.says(CHANNEL, "@tunesmith MRI of the knee without authorization, the ER ordered it")
    story.tell("ines", mention["text"])
    answer = story.wait(
        "the answer to the mention",
        lambda message: (
            message.get("thread_ts") == mention["ts"] and answered(message, "prior-authorization")
        ),
        by=story.asker,
    )
    story.show(answer)
    question = "And the surprise bill of the radiologist, who is out of network?"
    story.asker.says(CHANNEL, question, thread_ts=mention["ts"])
    story.tell("ines", f"{question} (in the thread)")
    again = story.wait_in(
        CHANNEL,
        "the answer in the thread",
        lambda message: message.get("thread_ts") == mention["ts"] and answered(message, "surprise-billing"),
        by=story.asker,
        after=answer["ts"],
    )
    story.show(again)
    last = story.stack.bedrock.log.of("ConverseStream", "InvokeModelWithResponseStream", outcome="ok")[-1]
    if "MRI of the knee" not in json.dumps(last.parameters):
        raise ChapterFailedError("the thread did not keep its conversation")
    direct = (
        f"{MODEL} Newborn claim rejected, the baby is not on the policy yet"  # two of them are in service
    )
    story.asker.says(story.asker.dm, direct)
    story.tell("ines", f"{direct} (in a direct message)")
    told = story.wait_in(
        story.asker.dm, "the direct answer", lambda message: answered(message, "add-newborn"), by=story.asker
    )
    story.show(told)


def release(story: Story) -> None:
    """The lease is ended early and the deployment is removed, which can be taken back for ten seconds; read back."""
    for model in (MODEL, OPEN_MODEL):
        story.tell("tess", f"/tune release {model}")
        story.trainer.slash("/tune", f"release {model}", CHANNEL)
    story.show(story.wait("the release", _told_in_a_thread("Released: AWS confirms it")))
    story.show(story.wait("the removal", _told_in_a_thread("removed `")))
    for kind in ("throughputs", "deployments"):
        left = story.stack.bedrock.state()[kind]
        if left:
            raise ChapterFailedError(f"{kind} are still there: {left}")


def _told_in_a_thread(words: str) -> Callable[[Json], bool]:
    return lambda message: bool(message.get("thread_ts")) and words in text_of(message)


NOTICES = 8
"""Two verdicts, the job and its end, its model card, the lease, the question to the approvers, the lease's end."""
MADE = {"jobs created": 2, "throughputs bought": 1, "deployments made": 1}
"""One job for each base; the one that is leased is bought once, the open one is deployed once."""


def count(story: Story) -> None:
    """The stand-ins' own logs: everything happened, and happened once."""
    bedrock = story.stack.bedrock.log
    created = {
        name: [call for call in bedrock.of(operation, outcome="ok") if call.effect and not call.repeated]
        for name, operation in (
            ("jobs created", "CreateModelCustomizationJob"),
            ("throughputs bought", "CreateProvisionedModelThroughput"),
            ("deployments made", "CreateCustomModelDeployment"),
        )
    }
    for name, calls in created.items():
        story.figures[name] = str(len(calls))
        if len(calls) != MADE[name]:
            raise ChapterFailedError(f"{name}: {len(calls)}, not {MADE[name]}")
    markers = [
        key for call in story.stack.slack.log.calls("chat.postMessage", ok=True) for key in _marker(call)
    ]
    story.figures["notices"] = f"{len(markers)}, each once"
    if len(markers) < NOTICES or len(markers) != len(set(markers)):
        raise ChapterFailedError(f"{len(markers)} notices were posted, {len(set(markers))} different ones")
    story.figures["calls to Slack"] = str(len(story.stack.slack.log.of("api_call")))
    story.figures["calls to AWS"] = str(len(bedrock.all()))
    assert story.stack.bot is not None
    story.figures["starts of the bot"] = str(story.stack.bot.starts)


def _marker(call: Json) -> list[str]:
    metadata = call["args"].get("metadata") or {}
    payload = (json.loads(metadata) if isinstance(metadata, str) else metadata).get("event_payload") or {}
    return [str(payload["key"])] if "key" in payload else []


CHAPTERS: tuple[tuple[str, Callable[[Story], None]], ...] = (
    ("The bot is there", ready),
    ("A file is dropped and judged", validate),
    ("A broken file is refused, each mistake once", refuse),
    ("The form, then the plan and its price", plan),
    ("An open base is trained beside it", train_an_open_base),
    ("Start, pressed twice; the bot is killed", start),
    ("The open base is served on demand: no price an hour, no end", serve_on_demand),
    ("The job is followed to its end", follow),
    ("Throughput is leased, with an approval", serve),
    ("The tuned model answers in the channel", ask),
    ("A mention, a thread, a direct message", converse),
    ("Both are released, and AWS confirms it", release),
    ("Everything happened, and happened once", count),
)

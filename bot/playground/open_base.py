"""The story's chapters about a base that is open to every account, and is served by the token."""

from bot.playground.narration import (
    CHANNEL,
    PATIENCE,
    QUESTION,
    ChapterFailedError,
    Story,
    answered,
    buttons,
    text_of,
)

BASE, LABEL = "nova-micro", "Nova Micro"
OPEN_MODEL = "claims-nova"


def train_an_open_base(story: Story) -> None:
    """The same examples are converted for an open base, and a job of it is started; it trains meanwhile."""
    story.tell("tess", f"/tune convert claims for {BASE}")
    story.trainer.slash("/tune", f"convert claims for {BASE}", CHANNEL)
    verdict = story.wait(
        "the copy's verdict",
        lambda message: "dataset.start" in buttons(message) and LABEL in text_of(message),
    )
    story.show(verdict)
    story.trainer.clicks(verdict, "dataset.start")
    form = story.trainer.wait_for(story.trainer.view, PATIENCE)
    answer = story.trainer.submits(form, {"model_name": OPEN_MODEL})
    if answer.get("errors"):
        raise ChapterFailedError(f"the form was refused: {answer['errors']}")
    plan = story.wait(
        "the plan", lambda message: "plan.start job" in buttons(message) and OPEN_MODEL in text_of(message)
    )
    story.show(plan)
    story.tell("tess", "(presses *Start*)")
    story.trainer.clicks(plan, "plan.start")


def serve_on_demand(story: Story) -> None:
    """It is deployed at once: no time, no approval. It answers."""
    story.wait(
        "the end of its job",
        lambda message: "model.serve" in buttons(message) and OPEN_MODEL in text_of(message),
    )
    story.tell("tess", f"/tune serve {OPEN_MODEL}")
    story.trainer.slash("/tune", f"serve {OPEN_MODEL}", CHANNEL)
    card = story.wait(
        "its deployment in service",
        lambda message: "deployment.remove" in buttons(message) and "in service" in text_of(message),
    )
    story.show(card)
    if "an hour" in text_of(card):
        raise ChapterFailedError("a deployment has no price an hour")
    story.tell("ines", f"/ask {OPEN_MODEL} {QUESTION}")
    story.asker.slash("/ask", f"{OPEN_MODEL} {QUESTION}", CHANNEL)
    after = str(card["ts"])
    reply = story.wait_in(
        CHANNEL,
        "its answer",
        lambda message: answered(message, "appeals-oncology"),
        by=story.asker,
        after=after,
    )
    story.show(reply)

"""How jobs end, told in the channel and to one person directly, and what is to be known of the model."""

from bot.controller.model import Message
from bot.jobs.cards import JobEnded, JobNews, JobView, ModelCard
from bot.jobs.model import Phase
from bot.profiles.hyperparameters import label_of as label_of_setting
from handlers.ui.blocks import Element, actions, button, context, fields, image, section, within_message
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.cards.jobs import constants, explanation, gist, mark_of, raw_button, settings
from handlers.ui.cards.models import serve_button
from handlers.ui.folding import folded
from handlers.ui.text import channel, code, count, person, plain, sentence


def job_ended(card: JobEnded) -> Message:
    """Draw the end of a job, for its owner."""
    view = card.view
    done = view.phase is Phase.COMPLETED
    what = f"*{code(view.model_name)} is trained*" if done else f"*{code(view.name)}: {view.phase.value}*"
    who = f"{person(view.owner)} " if card.ping else ""
    judged = [sentence(card.verdict)] if card.verdict else []
    judged += [sentence(card.note)] if card.note else []
    face = [
        section("\n".join([f"{mark_of(view.phase)} {who}{what}", *judged])),
        *explanation(view),
        section(gist(view, cost=card.cost)),
    ]
    details = [
        *([section(f"*Why*\n{sentence(card.rule, 600)}")] if card.rule else []),
        *fields([("Job", code(view.name)), *constants(view)]),
        *settings(view),
    ]
    said = f"{view.model_name} is trained" if done else f"{view.name}: {view.phase.value}"
    text = f"{who}{sentence(said)}{f'. {sentence(card.verdict)}' if card.verdict else ''}"
    curve = [image(card.curve.file, card.curve.in_words)] if card.curve else []
    return folded(text, face, details, *_next_steps(card), below=curve)


def _next_steps(card: JobEnded) -> list[Element | None]:
    view = card.view
    done = view.phase is Phase.COMPLETED
    return [
        _serve_button(view) if done else None,
        _again_button(view, card.again),
        raw_button(view),
    ]


def _serve_button(view: JobView) -> Element:
    """Return the button that has the model served; where it is pressed, there its card comes."""
    return serve_button(view.model_name, view.base, style="primary")


def _again_button(view: JobView, epochs: int | None) -> Element:
    if epochs is None:
        return button("Run again", "job.again", view.id)
    return button(f"Run again with {count(epochs, 'epoch')}", "job.again", f"{view.id} {epochs}")


def job_news(card: JobNews) -> Message:
    """Draw the end for somebody who is not pinged in the channel."""
    view = card.view
    said = f"{mark_of(view.phase)} *{code(view.name)}: {view.phase.value}*"
    judged = [sentence(card.verdict)] if card.verdict else []
    blocks = [
        section("\n".join([said, *judged])),
        *explanation(view),
        context(
            f"In {channel(card.channel)}, where its messages are. You are told because {sentence(card.why)}."
        ),
        *actions(raw_button(view)),
    ]
    return Message(text=f"{sentence(view.name)}: {view.phase.value}", blocks=within_message(blocks))


def model_card(card: ModelCard) -> Message:
    """Draw what is to be known of a model for as long as it is used."""
    view = card.view
    approved = [("Approved by", person(card.approved_by))] if card.approved_by else []
    losses = (("Training loss", view.training_loss), ("Validation loss", view.validation_loss))
    chosen = " · ".join(
        f"{plain(label_of_setting(name), 40)} {plain(value, 20)}" for name, value in view.hyperparameters
    )
    dataset = f"{code(view.dataset)}, {count(card.records, 'record')}"
    validated = [("Validation set", code(card.validation_dataset))] if card.validation_dataset else []
    rows = [
        ("Base", plain(label_of(view.base))),
        ("Dataset", dataset),
        *validated,
        ("By", person(card.started_by)),
        *approved,
        *((label, f"{loss:.4g}") for label, loss in losses if loss is not None),
        *([("Best epoch", f"{card.best_epoch:,}")] if card.best_epoch is not None else []),
        ("Training cost", sentence(card.cost, 200)),
    ]
    judged = f"\n{sentence(card.verdict)}" if card.verdict else ""
    who = f"by {person(card.started_by)}" + (
        f", approved by {person(card.approved_by)}" if card.approved_by else ""
    )
    face = [
        section(f":memo: *Model card: {code(view.model_name, 63)}*{judged}"),
        section(f"{plain(label_of(view.base))} on {dataset}"),
        context(who),
    ]
    details = [
        *fields(rows),
        section(f"*Settings*\n{chosen or 'those of the service'}"),
        section(f"*SHA-256 of the dataset*\n{code(card.dataset_sha256)}"),
        context(f"job {code(view.name)}", f"plan {code(card.plan_digest[:12])}"),
    ]
    return folded(f"Model card of {sentence(view.model_name, 80)}", face, details, _serve_button(view))


CARDS: Cards = {JobEnded: job_ended, JobNews: job_news, ModelCard: model_card}

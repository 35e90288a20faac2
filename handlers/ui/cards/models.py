"""Custom models: awake or asleep, and what can be done with each."""

from bot.controller.model import Message
from bot.leases.endpoint import LeasePhase
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.serving.cards import ModelLine, ModelList
from handlers.ui.blocks import Element, actions, button, context, fields, section, within_message
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.cards.deployments import deployment_buttons, deployment_state
from handlers.ui.cards.leases import lease_state, live_buttons
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.text import code, count, day, person, plain, sentence, thread_link

FACE_MODELS, SHOWN_MODELS = 3, 30
"""In a list: on its face, and behind it."""


def model_list(card: ModelList) -> Message:
    """Draw the models; with one alone, all that is known of it."""
    if not card.lines:
        said = "No tuned models yet. `/tune start` plans the job that makes one."
        return Message(text=said, blocks=[section(said)])
    if len(card.lines) == 1:
        return _one_model(card.lines[0])
    shown, behind = first(card.lines, FACE_MODELS)
    face = [section(f"*Models*, those in service first, then the newest ({len(card.lines)})")]
    face += [section(_short(each), accessory=next(iter(_model_buttons(each)), None)) for each in shown]
    held_back, left_out = first(card.lines, SHOWN_MODELS)
    details = [section(_model_line(each)) for each in held_back]
    if left_out:
        details.append(context(f"and {left_out:,} older; `/tune model NAME` shows any of them."))
    older = f"and {behind:,} older in *Details*; " if behind else ""
    face.append(context(f"{older}`/tune model NAME` shows all of one."))
    return folded(count(len(card.lines), "model"), face, details)


def _state_mark(line: ModelLine) -> str:
    if line.serving.startswith("in service"):
        return ":large_green_circle:"
    return ":white_circle:" if line.serving == "asleep" else ":hourglass:"


def _short(line: ModelLine) -> str:
    thread = f" · {shown}" if (shown := thread_link(line.link)) else ""
    return f"{_state_mark(line)} *{code(line.name, 63)}*\n{_model_state(line)}{thread}"


def _model_line(line: ModelLine) -> str:
    data = f"from {code(line.dataset)} · " if line.dataset else ""
    thread = f" · {shown}" if (shown := thread_link(line.link)) else ""
    return (
        f"{_state_mark(line)} *{code(line.name)}* · {_model_state(line)}\n"
        f"{plain(label_of(line.base))} · {data}{person(line.owner)}{thread}"
    )


def serve_button(model: str, base: str, *, style: str | None = None) -> Element:
    """Return the button that plans an hour's lease, or has the model deployed, which costs nothing while idle."""
    profile = registry.PROFILES.get(base)
    by_the_hour = profile is not None and profile.serving[0] is Serving.PROVISIONED_THROUGHPUT
    return button("Serve for 1 h" if by_the_hour else "Serve", "model.serve", model, style=style)


def _model_state(line: ModelLine) -> str:
    """Return its state; the time at which it ends is each reader's own."""
    if line.deployment is not None and line.deployment.model_name == line.name:
        return deployment_state(line.deployment)
    awake = line.lease is not None and line.lease.phase is LeasePhase.IN_SERVICE
    return lease_state(line.lease) if line.lease and awake else plain(line.serving, 80)


def _model_buttons(line: ModelLine) -> list[Element]:
    """Return what can be done with it now: one that is awake is not served once more, but longer, or no more."""
    if line.lease is not None:
        return live_buttons(line.lease)
    if line.deployment is not None:
        return deployment_buttons(line.deployment, "Remove deployment")
    return [serve_button(line.name, line.base)] if line.may_serve else []


def _owner_buttons(line: ModelLine) -> list[Element]:
    if not line.is_theirs:
        return []
    delete = [] if not line.is_asleep else [button("Delete …", "model.delete", line.name)]
    return [button("Rename", "model.rename", line.name), *delete]


def _whose(line: ModelLine) -> list[tuple[str, str]]:
    """Return who owns it, and who trained it when that was somebody else."""
    if line.trained_by in ("", line.owner):
        return [("By", person(line.owner))]
    return [("Owned by", person(line.owner)), ("Trained by", person(line.trained_by))]


def _one_model(line: ModelLine) -> Message:
    losses = (("Training loss", line.training_loss), ("Validation loss", line.validation_loss))
    pairs = [
        ("Base", plain(label_of(line.base))),
        *([("Dataset", code(line.dataset))] if line.dataset else []),
        *((label, f"{loss:.4g}") for label, loss in losses if loss is not None),
        *_whose(line),
        *([("Answers", f":+1: {line.votes[0]:,} · :-1: {line.votes[1]:,}")] if any(line.votes) else []),
        ("Made", day(line.created)),
    ]
    blocks = [
        section(f"{_state_mark(line)} *{code(line.name)}* · {_model_state(line)}"),
        *fields(pairs),
        *([context(shown)] if (shown := thread_link(line.link)) else []),
        *actions(*_model_buttons(line), *_owner_buttons(line)),
    ]
    return Message(text=sentence(f"{line.name}: {line.serving}"), blocks=within_message(blocks))


CARDS: Cards = {ModelList: model_list}

"""``/tune cost``: prices, and what is being spent."""

from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.errors import NotFound
from bot.pricing import estimates
from bot.pricing.answers import AT_BASE_PRICE, prices_of
from bot.profiles import hyperparameters, registry
from bot.profiles.model import PriceKind, Serving
from bot.serving.cards import ModelLine
from bot.wording import quoted
from handlers.arguments import expect, nearest, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.lookup import data_of, model_of_job, newest, running
from handlers.ui.cards.pricing import Prices, cost_of_dataset, cost_of_model, overview

USAGE = "/tune cost [DATASET or MODEL]"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Show what a dataset or a model costs; without a name, what is being spent and every price."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    return Say(_of(asked[0], front) if asked else _all(front))


def _all(front: CommandContext) -> Message:
    prices = [_prices(name, front) for name in registry.PROFILES]
    book, lines = front.services.prices, front.services.serving.models().lines
    stored = [book.quote(registry.get(each.base), PriceKind.STORAGE) for each in lines]
    return overview(running(front), prices, stored, front.services.spending.answers())


def _of(name: str, front: CommandContext) -> Message:
    dataset = front.services.datasets.find(name)
    if dataset is not None:
        return _dataset(dataset, front)
    lines = front.services.serving.models().lines
    called = (model_of_job(front, name) or name).lower()
    line = next((each for each in lines if each.name.lower() == called), None)
    if line is not None:
        return _model(line, front)
    if trained_on := data_of(front, name):
        return _dataset(trained_on, front)
    meant = nearest(name, [*(each.name for each in lines), *(each.name for each in newest(front))])
    hint = f"Did you mean {quoted(meant)}?" if meant else "`/tune datasets` and `/tune models` list them."
    raise NotFound(f"There is no dataset or model {quoted(name)}.", hint=hint)


def _dataset(dataset: Dataset, front: CommandContext) -> Message:
    profile = registry.get(dataset.report.profile)
    tokens = dataset.report.statistics.tokens.total
    values = hyperparameters.resolve(profile, {})
    estimate = estimates.training(front.services.prices, profile, tokens=tokens, hyperparameters=values)
    return cost_of_dataset(dataset, estimate, _prices(profile.name, front))


def _model(line: ModelLine, front: CommandContext) -> Message:
    live = [each for each in front.services.leases.live() if each.model_name == line.name]
    spending = front.services.spending
    answered = next((each for each in spending.answers() if each.model == line.name), None)
    prices = _prices(line.base, front)
    questions = spending.thousand(registry.get(line.base), [line.name]) if prices.answers else None
    return cost_of_model(line, live, prices, questions, answered, spending.last_asked([line.name]))


def _prices(name: str, front: CommandContext) -> Prices:
    profile, book = registry.get(name), front.services.prices
    return Prices(
        base=profile.label,
        training=book.quote(profile, PriceKind.TRAINING),
        storage=book.quote(profile, PriceKind.STORAGE),
        serving=book.serving_hour(profile, profile.serving[0]),
        answers=prices_of(book, profile) if Serving.ON_DEMAND_DEPLOYMENT in profile.serving else None,
    )


COMMAND = Command(
    name="cost",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MONEY,
    summary="Prices, and what is being spent now",
    details=(
        "For a dataset: what training on it costs at most. For a model: its storage, an hour of serving, what its "
        "lease has cost so far, and what a thousand questions cost at the average of this channel's. Without a name "
        "also what each model answered this month. A price that nobody has published or set is unknown, and is said "
        f"to be; answers of tuned models count {AT_BASE_PRICE}."
    ),
    example="/tune cost claims",
    run=run,
)

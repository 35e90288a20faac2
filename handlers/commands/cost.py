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


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show what a dataset or a model costs; without a name, what is being spent and every price."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    return Say(_of(asked[0], context) if asked else _all(context))


def _all(context: CommandContext) -> Message:
    prices = [_prices(name, context) for name in registry.PROFILES]
    book, lines = context.services.prices, context.services.serving.models().lines
    stored = [book.quote(registry.get(each.base), PriceKind.STORAGE) for each in lines]
    return overview(running(context), prices, stored, context.services.spending.answers())


def _of(name: str, context: CommandContext) -> Message:
    dataset = context.services.datasets.find(name)
    if dataset is not None:
        return _dataset(dataset, context)
    lines = context.services.serving.models().lines
    called = (model_of_job(context, name) or name).lower()
    line = next((each for each in lines if each.name.lower() == called), None)
    if line is not None:
        return _model(line, context)
    if trained_on := data_of(context, name):
        return _dataset(trained_on, context)
    meant = nearest(name, [*(each.name for each in lines), *(each.name for each in newest(context))])
    hint = f"Did you mean {quoted(meant)}?" if meant else "`/tune datasets` and `/tune models` list them."
    raise NotFound(f"There is no dataset or model {quoted(name)}.", hint=hint)


def _dataset(dataset: Dataset, context: CommandContext) -> Message:
    profile = registry.get(dataset.report.profile)
    tokens = dataset.report.statistics.tokens.total
    values = hyperparameters.resolve(profile, {})
    estimate = estimates.training(context.services.prices, profile, tokens=tokens, hyperparameters=values)
    return cost_of_dataset(dataset, estimate, _prices(profile.name, context))


def _model(line: ModelLine, context: CommandContext) -> Message:
    live = [each for each in context.services.leases.live() if each.model_name == line.name]
    spending = context.services.spending
    answered = next((each for each in spending.answers() if each.model == line.name), None)
    prices = _prices(line.base, context)
    questions = spending.thousand(registry.get(line.base), [line.name]) if prices.answers else None
    return cost_of_model(line, live, prices, questions, answered, spending.last_asked([line.name]))


def _prices(name: str, context: CommandContext) -> Prices:
    profile, book = registry.get(name), context.services.prices
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

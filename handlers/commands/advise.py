"""``/tune advise``: what each way of asking a model costs a month, and from which rate on."""

from bot.advice.asking import basis, read
from bot.advice.cards import AdviceCard
from bot.advice.comparison import advise
from bot.datasets.model import Dataset
from bot.errors import NotFound, Refused
from bot.names import did_you_mean
from bot.profiles import registry
from bot.profiles.model import Profile
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import model_of_job, newest
from handlers.ui.parts.pictures import ALL

USAGE = "/tune advise [MODEL, BASE or DATASET] [prefix=… in=… out=… hit=… rate=…]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show what each way costs a month, for what was typed or else for what is asked in this channel."""
    asked = words(invocation.text)
    if len(asked) == 1 and (dataset := _dataset(context, asked[0])):
        # To try it is all that is offered: who may not is told so, and by whom they may.
        context.services.access.check_spending(invocation.user, invocation.channel)
        return show(context.services.trials.offer(dataset))
    return show(advice_on(context, invocation.text))


def _dataset(context: CommandContext, said: str) -> Dataset | None:
    """Return the dataset of that name, where no base and no model is called so."""
    if said.lower() in registry.PROFILES or "=" in said or model_of_job(context, said):
        return None
    return context.services.datasets.find(said)


def advice_on(context: CommandContext, text: str) -> AdviceCard:
    """Return the advice that is meant by what was typed after the command's name.

    Raises:
        Refused: it cannot be read, or too little is known.
        NotFound: there is no such model or base.
    """
    asked = words("" if text == ALL else text)
    expect(asked, 10, USAGE)
    name, typed = read(asked)
    model, base = _meant(context, name)
    found = basis(typed, context.services.spending.measured([model] if model else []))
    made = advise(context.services.prices, base, found.load, units=typed.units, hour=typed.hour)
    return AdviceCard(model, made, found, " ".join(asked))


def _meant(context: CommandContext, said: str) -> tuple[str, Profile]:
    """Return the tuned model, if one is meant, and its base: without a name the newest model, or else the default base.

    Raises:
        NotFound: there is no such model or base.
        Refused: it is a dataset.
    """
    lines = context.services.serving.models().lines
    if not said:
        last = max(lines, key=lambda each: each.created, default=None)
        return (last.name, registry.get(last.base)) if last else ("", registry.get(registry.DEFAULT))
    if name := model_of_job(context, said):
        return name, registry.get(next(each.base for each in lines if each.name == name))
    try:
        return "", registry.get(said)
    except NotFound:
        registry.check_open(said)  # a base that nobody can tune has words of its own
    if context.services.datasets.find(said):
        raise Refused(
            f"{quoted(said[:60])} is a dataset, and figures are for a model or a base.",
            hint=f"Write {quoted(f'/tune advise {said[:60]}')} alone to try the prompt first.",
        )
    datasets = [each.name for each in newest(context)]
    bases = ", ".join(map(quoted, registry.PROFILES))
    raise NotFound(
        f"There is no model, base or dataset {quoted(said[:60])}.",
        hint=did_you_mean(
            said[:60],
            [*(each.name for each in lines), *registry.PROFILES, *datasets],
            f"`/tune models` lists models; bases are {bases}.",
        ),
    )


COMMAND = Command(
    name="advise",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MONEY,
    summary="What asking a model costs a month: tuned, its base, Claude with caching",
    details=(
        "`prefix`: tokens that are the same in every question; `in` and `out`: tokens of the question and its answer; "
        "`hit`: the share that finds the prefix cached; `rate`: questions, as `2/s` or `5000/day`. What you leave out "
        "is measured from the questions in this channel. `hour=50 units=1` is what a model unit's hour costs, which "
        "AWS does not publish. With a dataset it offers trainers to try the prompt first."
    ),
    example="/tune advise nova-lite prefix=1500 in=300 out=150 rate=2/s",
    run=run,
)

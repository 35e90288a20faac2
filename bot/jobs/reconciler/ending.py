"""After the end: the model is kept before anybody is told, the losses are judged, and everything is shown at last."""

from dataclasses import replace

from bot.controller import journal
from bot.controller.effects import Effect, passing
from bot.controller.model import Message, Outcome, RequeueAfter
from bot.errors import TunesmithError, Unavailable
from bot.jobs import history
from bot.jobs.cards import JobCard, JobEnded
from bot.jobs.context import APPROVAL, CARD, END, JobContext, JobDependencies
from bot.jobs.ending import Ending, against_estimate, assess, epochs_run, unreadable
from bot.jobs.model import Phase
from bot.jobs.ports import ResultFiles
from bot.jobs.recent_runs import KEEP_RUN
from bot.jobs.reconciler import budget, followers, stall_watch
from bot.jobs.reconciler.end_messages import Showing
from bot.jobs.reconciler.following import tell
from bot.jobs.reconciler.planning import plan_card, show
from bot.jobs.record import PLAN
from bot.jobs.transitions import NEVER_STARTED
from bot.models.model import CustomModel

LOOKS = 4
"""How often the files of losses are looked for: they may be there a little later than the job's end."""
_CALL = 20.0


KEEP_MODEL = Effect(
    "model", "keeping the model under its name", "a model that is kept again, which changes nothing"
)


class EndingJob:
    """Tells the end, whatever is missing of it: no trouble with S3, pictures or pins keeps anybody waiting."""

    def __init__(self, parts: JobDependencies) -> None:
        self._parts = parts
        self._showing = Showing(parts)

    def reconcile(self, work: JobContext) -> Outcome:
        """Tell the end once, and settle every message."""
        started = work.progress.phase not in NEVER_STARTED
        completed = work.progress.phase is Phase.COMPLETED
        if completed and not (self._keep_model(work) and self._judge(work)):
            return RequeueAfter(self._parts.cadence.recheck)
        journal.note(work.step, journal.END, f"{work.plan.job_name}: {work.progress.phase}")
        # Before anything is said: whoever reads of the end and looks at the budget finds it counted.
        budget.account(work, self._parts)
        show(work)
        if started:
            tell(work)
            stall_watch.tell(work)
        if started or work.progress.phase is Phase.REFUSED:
            followers.decide(work, self._parts)
            work.announce(END, ended_card(work))
        if completed:
            self._showing.reconcile(work)
        return self._parts.outbox.settle(work.step, self._final(work, started))

    def _final(self, work: JobContext, started: bool) -> dict[str, Message]:
        cards: dict[str, object] = {PLAN: plan_card(work)}
        if question := work.question:
            cards[APPROVAL] = question
        if started:
            cards[CARD] = JobCard(work.view)
        return {work.note(name): work.render(card) for name, card in cards.items()}

    def _keep_model(self, work: JobContext) -> bool:
        """Save the model under its name; False while Bedrock does not show it yet. Repeating it is harmless."""
        plan, seen = work.plan, work.progress.observation
        assert seen is not None, "a completed job was observed"
        arn = seen.model_arn or self._parts.customization.model_arn(plan.region, plan.model_name)
        if arn is None:
            return False
        work.progress.observation = replace(seen, model_arn=arn)
        with passing(KEEP_MODEL):
            self._parts.models.save(
                CustomModel(
                    name=plan.model_name,
                    arn=arn,
                    profile=plan.profile,
                    region=plan.region,
                    job_id=plan.id,
                    dataset_id=plan.dataset_id,
                    dataset_name=plan.dataset_name,
                    owner=work.spec.owner,
                    channel=plan.channel,
                    created=seen.ended or seen.seen_at,
                    system_prompt=plan.system_prompt,
                    training_loss=seen.training_loss,
                    validation_loss=seen.validation_loss,
                )
            )
        return True

    # The losses

    def _judge(self, work: JobContext) -> bool:
        """Read the files of losses and keep the verdict; False while it is worth looking again.

        The time that the job took is kept with it, for the estimates of later ones.
        """
        progress = work.progress
        if progress.ending is not None:
            return True
        ending = self._look(work)
        if ending is None:
            work.save()
            return False
        seen = progress.observation
        run = history.run_of(work.plan, seen, epochs_run(work.plan, ending)) if seen else None
        if run:
            # Before the ending is saved, which says that this was done; adding the same run again changes nothing.
            with passing(KEEP_RUN):
                self._parts.after.runs.add(run)
        progress.ending = ending
        work.save()
        return True

    def _look(self, work: JobContext) -> Ending | None:
        progress, plan = work.progress, work.plan
        assert progress.arn, "a completed job has an ARN"
        last = progress.results_tries + 1 >= LOOKS
        work.save()  # a full lease for the reads
        work.step.ensure_time(_CALL)
        try:
            files = self._parts.after.results.read(plan.region, plan.output_uri, progress.arn)
        except Unavailable as trouble:
            progress.results_tries += 1
            return unreadable(trouble) if last else None
        # What is denied or wrong is not there a little later either: the end is told without its losses, at once.
        except TunesmithError as trouble:
            return unreadable(trouble)
        # Bedrock writes its files around the moment in which it calls the job completed, and not always before it.
        if _is_all_there(files, plan.validation_uri is not None) or last:
            return assess(files, plan)
        progress.results_tries += 1
        return None


def _is_all_there(files: ResultFiles, validated: bool) -> bool:
    return files.training is not None and (files.validation is not None or not validated)


def ended_card(work: JobContext) -> JobEnded:
    """Return the end as people are told it."""
    ending, view = work.progress.ending, work.view
    verdict = ending.verdict if ending else None
    completed = work.progress.phase is Phase.COMPLETED
    return JobEnded(
        view=view,
        verdict=verdict.sentence if verdict else "",
        rule=verdict.rule if verdict else "",
        note=ending.note if ending else "",
        cost=against_estimate(work.plan, work.terms.training, ending) if completed else view.cost,
        again=verdict.again if verdict else None,
        ping=work.progress.ping is not False,
    )

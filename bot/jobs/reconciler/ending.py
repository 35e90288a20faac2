"""After the end: the model is kept before anybody is told, the losses are judged, and everything is shown at last."""

from dataclasses import replace

from bot.controller import journal
from bot.controller.effects import Effect, passing
from bot.controller.model import Key, Message, Outcome, RequeueAfter
from bot.errors import TunesmithError, Unavailable
from bot.jobs import history
from bot.jobs.cards import CurvePicture, JobEnded
from bot.jobs.context import END, JobContext
from bot.jobs.dependencies import EndingDependencies
from bot.jobs.ending import Ending, against_estimate, assess, epochs_run, unreadable
from bot.jobs.model import Phase
from bot.jobs.ports import ResultFiles
from bot.jobs.recent_runs import KEEP_RUN, RecentRuns
from bot.jobs.reconciler import budget, followers, stall_watch
from bot.jobs.reconciler.end_messages import Showing
from bot.jobs.reconciler.following import tell
from bot.jobs.reconciler.planning import shown
from bot.jobs.record import SWEEP
from bot.jobs.transitions import NEVER_STARTED
from bot.models.model import CustomModel

LOOKS = 4
"""How often the files of losses are looked for: they may be there a little later than the job's end."""
_CALL = 20.0


KEEP_MODEL = Effect(
    "model", "keeping the model under its name", "a model that is kept again, which changes nothing"
)

WAKE_SWEEP = Effect(
    "wake-sweep", "having its sweep look at it", "a sweep that finds out by itself a little later"
)


class EndingJob:
    """Tells the end, whatever is missing of it: no trouble with S3, pictures or pins keeps anybody waiting."""

    def __init__(self, dependencies: EndingDependencies, runs: RecentRuns) -> None:
        self._dependencies = dependencies
        self._runs = runs
        self._showing = Showing(dependencies)

    def reconcile(self, job: JobContext) -> Outcome:
        """Tell the end once, and settle every message."""
        started = job.status.phase not in NEVER_STARTED
        completed = job.status.phase is Phase.COMPLETED
        if completed and not (self._keep_model(job) and self._judge(job)):
            return RequeueAfter(self._dependencies.cadence.recheck)
        journal.note(job.context, journal.END, f"{job.plan.job_name}: {job.status.phase}")
        # Before anything is said: whoever reads of the end and looks at the budget finds it counted.
        budget.account(job, self._dependencies)
        tell(job)
        if started:
            stall_watch.tell(job, self._dependencies.together)
        if started or job.status.phase is Phase.REFUSED:
            followers.decide(job, self._dependencies)
            job.announce(END, ended_card(job, self._showing.curve(job)))
        if completed:
            self._showing.reconcile(job)
        self._wake_its_sweep(job)
        return self._dependencies.outbox.settle(job.context, self._final(job))

    def _wake_its_sweep(self, job: JobContext) -> None:
        """Have the sweep that it is part of look at it now: it may be the last of them."""
        if job.spec.sweep is None:
            return
        sweep = Key(SWEEP, job.spec.sweep)

        def wake() -> bool:
            self._dependencies.store.enqueue_now(sweep)
            return True

        job.context.once(WAKE_SWEEP, wake, item=job.note(""))

    def _final(self, job: JobContext) -> dict[str, Message]:
        return {job.note(name): job.render(card) for name, card in shown(job).items()}

    def _keep_model(self, job: JobContext) -> bool:
        """Save the model under its name; False while Bedrock does not show it yet. Repeating it is harmless."""
        plan, seen = job.plan, job.status.observation
        assert seen is not None, "a completed job was observed"
        arn = seen.model_arn or self._dependencies.customization.model_arn(plan.region, plan.model_name)
        if arn is None:
            return False
        job.status.observation = replace(seen, model_arn=arn)
        with passing(KEEP_MODEL):
            self._dependencies.models.save(
                CustomModel(
                    name=plan.model_name,
                    arn=arn,
                    profile=plan.profile,
                    region=plan.region,
                    job_id=plan.id,
                    dataset_id=plan.dataset_id,
                    dataset_name=plan.dataset_name,
                    owner=job.spec.owner,
                    channel=plan.channel,
                    created=job.status.ended_at or seen.ended or seen.seen_at,
                    system_prompt=plan.system_prompt,
                    training_loss=seen.training_loss,
                    validation_loss=seen.validation_loss,
                    held_out=plan.validation_dataset_id or "",
                    base_arn=plan.base_model_id,
                )
            )
        return True

    # The losses

    def _judge(self, job: JobContext) -> bool:
        """Read the files of losses and keep the verdict; False while it is worth looking again.

        The time that the job took is kept with it, for the estimates of later ones.
        """
        status = job.status
        if status.ending is not None:
            return True
        ending = self._look(job)
        if ending is None:
            job.save()
            return False
        seen = status.observation
        run = history.run_of(job.plan, seen, epochs_run(job.plan, ending)) if seen else None
        if run:
            # Before the ending is saved, which says that this was done; adding the same run again changes nothing.
            with passing(KEEP_RUN):
                self._runs.add(run)
        status.ending = ending
        job.save()
        return True

    def _look(self, job: JobContext) -> Ending | None:
        status, plan = job.status, job.plan
        assert status.arn, "a completed job has an ARN"
        last = status.results_tries + 1 >= LOOKS
        job.save()  # a full lease for the reads
        job.context.ensure_time(_CALL)
        try:
            files = self._dependencies.results.read(plan.region, plan.output_uri, status.arn)
        except Unavailable as trouble:
            status.results_tries += 1
            return unreadable(trouble) if last else None
        # What is denied or wrong is not there a little later either: the end is told without its losses, at once.
        except TunesmithError as trouble:
            return unreadable(trouble)
        # Bedrock writes its files around the moment in which it calls the job completed, and not always before it.
        if _is_all_there(files, plan.validation_uri is not None) or last:
            return assess(files, plan)
        status.results_tries += 1
        return None


def _is_all_there(files: ResultFiles, validated: bool) -> bool:
    return files.training is not None and (files.validation is not None or not validated)


def ended_card(job: JobContext, curve: CurvePicture | None) -> JobEnded:
    """Return the end as people are told it."""
    ending, view = job.status.ending, job.view
    verdict = ending.verdict if ending else None
    completed = job.status.phase is Phase.COMPLETED
    return JobEnded(
        view=view,
        verdict=verdict.sentence if verdict else "",
        rule=verdict.rule if verdict else "",
        note=ending.note if ending else "",
        cost=against_estimate(job.plan, job.terms.training, ending) if completed else view.cost,
        again=verdict.again if verdict else None,
        ping=job.status.ping is not False,
        curve=curve,
    )

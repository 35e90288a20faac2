"""Files and tables that are made from the code, so that they cannot drift from it.

In a Markdown file a table stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from bot import config, metrics, tracing
from bot.adapters import iam_policies
from bot.cli import attacks, monitoring_files, reference
from bot.cli.reference import table
from bot.controller.effects import Proof
from bot.datasets.formats.detection import FORMATS
from bot.jobs import states
from bot.kinds import KINDS, effects_of_kinds
from bot.profiles import registry
from bot.profiles.model import PriceKind, Profile
from handlers import manifest
from storage import key_families


def write(root: Path, *, check: bool) -> list[str]:
    """Bring every generated file up to date (or only look, with ``check``). Return those that were not."""
    wanted = {
        "manifest.json": json.dumps(manifest.build("socket", None), indent=2, ensure_ascii=False) + "\n",
        "docs/architecture.md": _with_tables(root / "docs" / "architecture.md", {"kinds": _kinds}),
        "docs/costs.md": _with_tables(root / "docs" / "costs.md", {"prices": _prices}),
        "docs/effects.md": _effects(),
        "docs/reference/attacks.md": attacks.document(root),
        **_reference(),
        "docs/how-to/mend-a-dataset.md": _with_tables(
            root / "docs" / "how-to" / "mend-a-dataset.md", {"formats": _formats}
        ),
        "docs/deploy/alerts.yaml": monitoring_files.rules(),
        "docs/deploy/grafana.json": monitoring_files.dashboard(),
        "docs/job-states.md": states.document(),
        "docs/operations.md": _with_tables(
            root / "docs" / "operations.md",
            {
                "trust policy": lambda: _policy(iam_policies.trust_policy),
                "role policy": lambda: _policy(iam_policies.role_policy),
                "bot policy": lambda: _policy(iam_policies.bot_policy),
                "redis keys": _redis_keys,
                "metrics": _metrics,
                "alerts": _alerts,
                "spans": _spans,
            },
        ),
    }
    stale = [name for name, text in wanted.items() if _read(root / name) != text]
    if not check:
        for name in stale:
            (root / name).write_text(wanted[name], encoding="utf-8")
    return stale


def _reference() -> dict[str, str]:
    pages = {
        "commands": reference.commands(),
        "terminal": reference.terminal(),
        "rules": reference.rules(),
        "settings": reference.page(
            "Settings",
            "From the environment, or from a file `.env` in the folder where the bot is started. All are looked at "
            "together at the start, with what was expected; a name that is none is refused.",
            _settings(),
        ),
        "bases": reference.page(
            "Base models", "Every figure has its source in `bot/profiles`.", _base_models()
        ),
        "metrics": reference.page(
            "Metrics", "For Prometheus, at `/metrics` on the port of `TUNESMITH_HEALTH_PORT`.", _metrics()
        ),
    }
    return {f"docs/reference/{name}.md": text for name, text in pages.items()}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _with_tables(path: Path, tables: dict[str, Callable[[], Iterable[str]]]) -> str:
    text = _read(path)
    for name, make in tables.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not between.search(text):
            raise ValueError(f"{path.name} has no place for the table {name!r}: add {begin} and {end}")
        table = "\n".join(make())
        text = between.sub(lambda _: f"{begin}\n{table}\n{end}", text)  # noqa: B023 -- used within the turn
    return text


def _settings() -> Iterable[str]:
    return table(
        ("setting", "default", "what"),
        (
            (
                f"`{row.name}`",
                "**required**" if row.required else f"`{row.default}`" if row.default else "",
                row.description,
            )
            for row in config.rows()
        ),
    )


def _base_models() -> Iterable[str]:
    return table(
        ("base model", "region", "record format", "records", "serving"),
        (_base_model(profile) for profile in registry.PROFILES.values()),
    )


def _base_model(profile: Profile) -> tuple[str, ...]:
    limits = profile.limits
    return (
        f"`{profile.name}`",
        profile.region,
        profile.record_format,
        f"{limits.min_records:,} to {limits.max_training_records:,}",
        ", ".join(profile.serving),
    )


_PRICED = {
    PriceKind.TRAINING: "1,000 tokens trained",
    PriceKind.STORAGE: "a model kept for a month",
    PriceKind.MODEL_UNIT_HOUR: "an hour of a model unit",
    PriceKind.INPUT: "a million tokens in",
    PriceKind.OUTPUT: "a million tokens out",
}


def _prices() -> Iterable[str]:
    return table(
        ("base model", *_PRICED.values(), "as of"),
        (_priced(profile) for profile in registry.PROFILES.values()),
    )


def _priced(profile: Profile) -> tuple[str, ...]:
    known = {each.kind: each for each in profile.prices}
    shown = [f"{known[kind].usd.normalize():f}" if kind in known else "unknown" for kind in _PRICED]
    dates = [each.as_of for kind, each in known.items() if kind in _PRICED]
    return (f"`{profile.name}`", *shown, f"{max(dates):%Y-%m-%d}" if dates else "")


def _formats() -> Iterable[str]:
    """Return which formats are converted, and which only a person can, in a sentence each."""
    converted = ", ".join(each.label for each in FORMATS if each.read is not None)
    named = ", ".join(each.label for each in FORMATS if each.read is None)
    return [
        f"Converted without a guess: {converted}.",
        "",
        f"Named, with what a person has to decide: {named}.",
    ]


def _redis_keys() -> Iterable[str]:
    return table(
        ("key", "type", "kept", "what it holds"),
        ((f"`{row.pattern}`", row.type, row.ttl, row.holds) for row in key_families.ROWS),
    )


def _spans() -> Iterable[str]:
    return table(
        ("attribute", "what it tells"), ((f"`{name}`", told) for name, told in tracing.ATTRIBUTES.items())
    )


def _metrics() -> Iterable[str]:
    return table(
        ("metric", "type", "labels", "told by", "what it tells"),
        (
            (
                f"`{each.name}`",
                each.type,
                ", ".join(f"`{label}`" for label in each.labels),
                each.source,
                each.help,
            )
            for each in metrics.METRICS
        ),
    )


def _alerts() -> Iterable[str]:
    return table(
        ("alert", "after", "severity", "what it says", "what to do"),
        (
            (
                f"`{each.name}`",
                each.lasts,
                each.severity,
                each.summary.replace("{{ $labels.", "*").replace(" }}", "*"),
                each.mend,
            )
            for each in monitoring_files.ALERTS
        ),
    )


def _kinds() -> Iterable[str]:
    return table(
        ("kind", "what is wanted", "what is done"),
        ((f"`{name}`", kind.wanted, kind.done) for name, kind in sorted(KINDS.items())),
    )


_SETTLED: dict[Proof, str] = {
    Proof.REPEAT: "it is repeated, which is harmless",
    Proof.LOOK: "it is looked for before each attempt",
}


def _effects() -> str:
    """Return what each kind does on the outside, and what a crash right after it leaves."""
    header = ("crash points", "what is done", "what settles it", "a crash right after leaves")
    parts = [
        "# Effects",
        (
            "Written by `./tunesmith gen` from what each kind declares (`bot/<feature>/kind.py`). What settles it is "
            "what the next claim does when nobody knows what came of an attempt; tests kill at each crash point."
        ),
    ]
    for name, effects in sorted(effects_of_kinds().items()):
        rows = [
            (f"`before-{each.name}`, `after-{each.name}`", each.what, _SETTLED[each.proof], each.leaves)
            for each in effects
        ]
        parts += [f"## {name}", "\n".join(table(header, rows))] if rows else []
    return "\n\n".join(parts) + "\n"


def _policy(make: Callable[[iam_policies.Account], iam_policies.Json]) -> Iterable[str]:
    return ["```json", json.dumps(make(iam_policies.Account()), indent=2), "```"]

"""Nothing is looked up by name, by ID or in a list without saying for whom."""

import ast
import inspect
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

import bot
from bot import services
from bot.digests.service import DigestService
from bot.directory.directory import Directory
from bot.kinds import SOURCES
from bot.services import Services
from bot.visibility import Viewer
from handlers.listeners import ListenerDependencies
from handlers.register import register

_BOT = Path(bot.__file__).parent
SERVICES = sorted(
    path
    for pattern in (
        "*/service.py",
        "*/*_service.py",
        "jobs/namesakes.py",
        "directory/[!d]*.py",
        "directory/datasets.py",
    )
    for path in _BOT.glob(pattern)
    if path.parent.name not in ("datasets", "spending")
)
READS = {"of_kind", "of_kinds", "unfinished", "get", "labels", "named", "claim"}
"""What stores are read by. In a service nothing but the directory is asked."""
BY_PLACE = {"digests": "a channel's own digest, found by the channel that it is asked for in"}
WITHOUT_A_VIEWER = {
    "access",
    "inbound",
    "presence",  # hears that somebody came or left, and says nothing
    "moves",  # exchanges IDs in what is delivered, by what Slack confirms
    "details",  # by the place of the message that was pressed, which Slack says
    "refusals",  # written, and never read by a handler
    "prices",
    "digests",
    "readers",
    "pictures",  # what they show was read for the viewer by whoever asks for one
    "followers",
    "extensions",
    "directory",
    "doctor",  # for whoever runs the bot: about the settings and the account, which no channel has
}
"""What hands nothing out by name: rules, prices, deliveries, hours; ``followers``, ``extensions`` ask others."""


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: str(path.relative_to(_BOT)))
def test_no_service_reads_a_store_by_itself(service: Path) -> None:
    tree = ast.parse(service.read_text(encoding="utf-8"))
    reads = [
        f"line {node.lineno}: self.{node.value.attr}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in READS
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in {"_store", "_resources", "_datasets", "_models", "_repository", "_shares"}
    ]
    imported = {
        each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names
    }
    if service.parent.name not in BY_PLACE:
        assert reads == []
        assert not imported & {"DatasetRepository", "ModelRepository", "Datasets"}


def test_every_service_that_hands_something_out_was_built_for_a_viewer() -> None:
    hints = get_type_hints(Services, vars(services))
    for name in {each.name for each in fields(Services)} - WITHOUT_A_VIEWER:
        parameters = get_type_hints(hints[name].__init__)
        assert Directory in parameters.values(), f"{name} is built without saying for whom"
    assert list(inspect.signature(Directory.__init__).parameters)[1] == "viewer"
    assert hints["digests"] is DigestService


def test_no_handler_gets_services_without_saying_for_whom() -> None:
    assert "services_for" in inspect.signature(register).parameters
    assert get_type_hints(
        ListenerDependencies, {**vars(inspect.getmodule(ListenerDependencies)), "Viewer": Viewer}
    )["context_for"]
    assert "context_for" in ListenerDependencies.__dataclass_fields__


def test_every_kind_that_services_look_up_has_a_provenance() -> None:
    asked = {
        node.args[0].id
        for service in SERVICES
        for node in ast.walk(ast.parse(service.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"resource", "resources"}
        and node.args
        and isinstance(node.args[0], ast.Name)
    }
    assert asked <= {"KIND", "LEASE", "DEPLOYMENT", "SCHEDULE", "JOB", "UPLOAD"}, (
        "a kind that is looked up declares its sources"
    )
    assert set(SOURCES) == {
        "job",
        "sweep",
        "schedule",
        "distillation",
        "lease",
        "deployment",
        "upload",
        "question",
        "kept",
    }


TYPED = {
    "bot/directory/directory.py",
    "bot/directory/renaming.py",
    "bot/deployments/service.py",
    "bot/serving/handover_service.py",
    "handlers/lookup.py",
}
"""Where a name is looked up that a person typed, so that it may be an alias."""
ASKED = {"bot/questions/service.py", "bot/serving/resolver.py"}
"""Where it is looked up for a question."""


@pytest.mark.parametrize(("way", "wanted"), [(".typed_model(", TYPED), (".asked_model(", ASKED)])
def test_an_alias_is_looked_up_for_what_a_person_types_alone(way: str, wanted: set[str]) -> None:
    callers = {
        str(path.relative_to(_BOT.parent))
        for package in (_BOT, _BOT.parent / "handlers")
        for path in package.rglob("*.py")
        if way in path.read_text(encoding="utf-8")
    }
    assert callers == wanted, "what is kept is looked up with stored_model, by its ARN where that is kept"


def test_what_is_kept_is_seen_by_a_models_arn_and_never_by_its_name_alone() -> None:
    texts = (path.read_text(encoding="utf-8") for path in _BOT.rglob("kind.py"))
    named = [
        {each.arg for each in node.keywords}
        for text in texts
        if "Sources(" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sources"
    ]
    by_model = [each for each in named if "model" in each]
    assert by_model
    assert all("model_arn" in each for each in by_model)

"""A durable kind is declared once, in its feature; what is wrong with a declaration ends the start with words."""

import json
import sys
from inspect import signature
from pathlib import Path
from typing import get_type_hints

import pytest

from bot.controller.lanes import Lane, group_of
from bot.controller.model import Key, Resource
from bot.discovery import modules_called
from bot.errors import Misconfigured
from bot.kinds import KINDS, PURCHASES, RECOVERIES, gathered, purchases, recoveries
from bot.wiring.ports import Ports

RECORDS = Path(__file__).resolve().parents[1] / "data" / "records"
DECLARATION = """
from bot.controller.kind import Called, Kind
from bot.controller.schema import NoStatus, schema_of_region

CALLED = Called("{name}", "{name}s")
KINDS = (Kind(schema=schema_of_region("{name}", NoStatus), build=print, called=CALLED, wanted="this", done="that"),)
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package among whose packages kinds are looked for."""
    house = tmp_path / "house"
    house.mkdir()
    (house / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for name in [each for each in sys.modules if each.partition(".")[0] == "house"]:
        monkeypatch.delitem(sys.modules, name)
    return house


def feature(house: Path, room: str, declaration: str | None) -> None:
    (house / room).mkdir()
    (house / room / "__init__.py").touch()
    if declaration is not None:
        (house / room / "kind.py").write_text(declaration, encoding="utf-8")


def test_a_module_in_a_feature_is_all_that_a_kind_needs_to_be_found(house: Path) -> None:
    feature(house, "attics", DECLARATION.format(name="attic"))
    feature(house, "cellars", DECLARATION.format(name="cellar"))
    feature(house, "gardens", None)

    assert modules_called("house", "kind") == ["house.attics.kind", "house.cellars.kind"]
    assert list(gathered("house")) == ["attic", "cellar"]


def test_what_is_wrong_with_a_declaration_ends_the_start_with_words(house: Path) -> None:
    feature(house, "attics", DECLARATION.format(name="attic"))
    feature(house, "lofts", DECLARATION.format(name="attic"))
    with pytest.raises(
        Misconfigured, match=r"called attic: one in house\.attics\.kind, one in house\.lofts\.kind"
    ):
        gathered("house")

    for broken in ("import no_such_module", "KINDS = 1 / 0", "KIND = ()"):
        (house / "lofts" / "kind.py").write_text(broken, encoding="utf-8")
        sys.modules.pop("house.lofts.kind", None)
        with pytest.raises(Misconfigured, match=r"The kinds of house\.lofts\.kind cannot be used"):
            gathered("house")


def test_every_kind_has_words_for_people_and_its_own_name() -> None:
    wrong = []
    for name, kind in KINDS.items():
        if name != kind.name or not name.isalpha() or not name.islower():
            wrong.append(f"{name}: a kind is one lower-case word")
        if not all((kind.called.one, kind.called.many, kind.wanted, kind.done)):
            wrong.append(f"{name}: has no words")
        if len({each.called.many for each in KINDS.values()}) != len(KINDS):
            wrong.append(f"{name}: two kinds are called alike")
        kind.when_given_up.format(name="x")

    assert wrong == []


def test_the_bots_ports_are_what_every_kind_needs() -> None:
    """A port of another type, or none, would show when the first resource of that kind is due, and not before."""
    ports, wrong, asked = get_type_hints(Ports), [], set()
    builds = {name: kind.build for name, kind in KINDS.items()} | {
        each.name: each.build for each in RECOVERIES
    }
    for name, build in builds.items():
        [needs] = [each.annotation for each in signature(build).parameters.values()]
        for port, wanted in get_type_hints(needs).items():
            asked.add(port)
            # A port may be more than one kind asks of it.
            if wanted not in {ports.get(port), *getattr(ports.get(port), "__mro__", ())}:
                wrong.append(f"{name} needs {port}: {wanted}, and there is {ports.get(port)}")

    assert wrong == []
    assert set(ports) - asked == set(), "what no kind needs"


def test_nothing_slow_runs_where_it_is_urgent() -> None:
    """No Slack, no model and no files: a step there is over within a few calls to AWS and the store."""
    quick = {"endpoints", "store", "clock", "cadence", "renderer", "hears"}
    urgent = {name: kind for name, kind in KINDS.items() if kind.lane is Lane.URGENT}
    assert "release" in urgent
    slow = {}
    for name, kind in urgent.items():
        [needs] = [each.annotation for each in signature(kind.build).parameters.values()]
        if more := set(get_type_hints(needs)) - quick:
            slow[name] = more
        if any(effect.longest > 15 for effect in kind.effects):
            slow[name] = {effect.name for effect in kind.effects}
    assert slow == {}


def test_where_turns_are_shared_out_the_spec_says_among_whom() -> None:
    """By its golden record: a path that leads nowhere would make all of them one group."""
    wrong = {}
    for name, kind in KINDS.items():
        record = json.loads((RECORDS / name / "1.json").read_text(encoding="utf-8"))
        if kind.shared_by and not group_of(record["spec"], kind.shared_by):
            wrong[name] = kind.shared_by
    assert wrong == {}


def test_a_feature_says_beside_its_kinds_what_people_buy_by_them(house: Path) -> None:
    declared = (
        "from bot.spending.purchase import Purchase\n"
        "from bot.spending.record import PurchaseSchema, PurchaseSpec, PurchaseStatus\n"
        "class Attic(Purchase):\n    schema = PurchaseSchema('{name}', PurchaseSpec, PurchaseStatus)\n"
        "KINDS, PURCHASES = (), (Attic,)"
    )
    feature(house, "attics", declared.format(name="attic"))
    feature(house, "cellars", "KINDS = ()")
    assert list(purchases("house")) == ["attic"]

    feature(house, "lofts", declared.format(name="attic"))
    with pytest.raises(
        Misconfigured, match=r"called attic: one in house\.attics\.kind, one in house\.lofts\.kind"
    ):
        purchases("house")


def test_what_is_bought_is_a_kind_whose_spec_and_status_are_its_own() -> None:
    wrong = []
    for name, purchase in PURCHASES.items():
        if purchase.schema is not KINDS[name].schema:
            wrong.append(f"{name}: its purchase reads other types than its kind writes")
        if not (purchase.again and purchase.is_being_looked_at):
            wrong.append(f"{name}: has no words")
        if KINDS[name].sources is None:
            wrong.append(f"{name}: nobody could press its buttons, since nobody sees it")

    assert wrong == []


def test_of_a_plan_that_is_proposed_anew_nothing_has_been_done_whoever_reads_it() -> None:
    wrong = []
    for name in PURCHASES:
        before = {name: {"round": 1, "explanation": "Nobody pressed anything in time."}}
        status = KINDS[name].schema.status_of(
            Resource(Key(name, "a"), {"round": 2}, 2, before, 7, done=False, due_at=None)
        )
        if (status.round, status.explanation) != (2, ""):
            wrong.append(f"{name}: {status}")

    assert wrong == []


def test_a_feature_says_beside_its_kinds_how_what_it_has_at_aws_is_found_again(house: Path) -> None:
    declared = "from bot.spending.comparing import Recovery\nKINDS, RECOVERIES = (), (Recovery('{name}', print, ()),)"
    feature(house, "attics", declared.format(name="beams"))
    feature(house, "cellars", "KINDS = ()")
    assert [each.name for each in recoveries("house")] == ["beams"]

    feature(house, "lofts", declared.format(name="beams"))
    with pytest.raises(
        Misconfigured, match=r"called beams: one in house\.attics\.kind, one in house\.lofts\.kind"
    ):
        recoveries("house")

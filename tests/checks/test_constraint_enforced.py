"""A rule that the server does not keep is told with what makes the server take its break."""

from dataclasses import replace

import pytest

from harness import adapters
from harness.checks.base import Case
from harness.checks.constraint_enforced import CHECK
from harness.design.model import Entity, Options, Schema
from harness.run.model import Inspected, Probed

PRICE = Probed("up", "goods", "type", "price", ("price",), "price = 'x'", None)
TWICE = Probed("up", "goods", "unique", "goods_code", ("code",), "code = 'a' twice", None)
WARNS: Options = (("validationAction", '"warn"'), ("validator", "{ … }"))
OFF: Options = (("validationLevel", '"off"'), ("validator", "{ … }"))


@pytest.mark.parametrize(
    ("probed", "options", "said", "remedy"),
    [
        (PRICE, WARNS, 'its validationAction is "warn"', 'Set validationAction: "error"'),
        (PRICE, OFF, 'its validationLevel is "off"', 'Set validationLevel: "strict"'),
        (PRICE, (), "", CHECK.remedy),
        (TWICE, WARNS, "", CHECK.remedy),
    ],
)
def test_a_validator_that_takes_what_breaks_it_is_named(
    case: Case, probed: Probed, options: Options, said: str, remedy: str
) -> None:
    head = Inspected("head", Schema((Entity("goods", "collection", options=options),)))
    up = next(o for o in case.run.observations if getattr(o, "stage", "") == "up")
    traits = adapters.find("mongodb").traits("6.0")
    run = replace(case.run, observations=(up, head, probed), traits=traits)
    plan = replace(case.plan, changes=case.plan.changes[:1])
    (found,) = CHECK.judge(CHECK, Case(plan, run))

    assert found.verdict == "broken"
    assert found.message.startswith(f"the server took a row with {probed.value}")
    assert found.message.removeprefix(f"the server took a row with {probed.value}")[:2] == (": " if said else "")
    assert said in found.message
    assert found.remedy.startswith(remedy)


def test_all_that_one_option_lets_in_is_one_finding_of_the_collection(case: Case) -> None:
    kinds = [replace(PRICE, constraint=name, fields=(name,), value=f"{name} = 'x'") for name in "abcd"]
    head = Inspected("head", Schema((Entity("goods", "collection", options=WARNS),)))
    up = next(o for o in case.run.observations if getattr(o, "stage", "") == "up")
    run = replace(case.run, observations=(up, head, *kinds, TWICE), traits=adapters.find("mongodb").traits("6.0"))
    twice, all_ = CHECK.judge(CHECK, Case(replace(case.plan, changes=case.plan.changes[:1]), run))

    assert (twice.verdict, twice.subject) == ("broken", "goods: UNIQUE goods_code")
    assert (all_.verdict, all_.subject) == ("broken", "table goods")
    assert "a = 'x'; with b = 'x'; with c = 'x', and 1 more: its validationAction" in all_.message
    assert len(all_.evidence["constraints"]) == len(kinds)  # type: ignore[arg-type]

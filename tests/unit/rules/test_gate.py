from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graphs import constraints
from graphs.constraints import RuleGate, check_text, discover, open_gate, redact
from tools.kit import AskAgain, Evidence, Gate

RULES = """
banned_brands:
  brands:
    - name: Acme
      aliases: [Acme Corp]
    - name: GAP
      match_case: true
      allow: [GAP year]
"""


@pytest.fixture
def gate(tmp_path: Path) -> RuleGate:
    return open_gate(written(tmp_path, RULES))


ALL = ["banned_brands", "fits_schema", "grounded", "instructions"]


def written(folder: Path, text: str) -> Path:
    file = folder / "rules.yaml"
    file.write_text(text, "utf-8")
    return file


def broken(gate: RuleGate, text: str, **context: object) -> list[str]:
    return [verdict.rule for verdict in gate.judge(text, **context) if not verdict]  # type: ignore[arg-type]


# --- rules --------------------------------------------------------------------------------------


def test_a_file_is_a_rule_because_it_is_there() -> None:
    assert list(discover()) == ALL


def test_a_new_rule_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no_shouting.py").write_text(
        "from tools.kit.types import Verdict\n"
        "def judge(text, *, settings, evidence, context):\n"
        "    return Verdict(rule='no_shouting', broken='Do not shout.' if text.isupper() else None)\n"
    )
    monkeypatch.setattr(constraints, "__path__", [*constraints.__path__, str(tmp_path)])
    try:
        gate = open_gate(None)
    finally:
        sys.modules.pop("graphs.constraints.no_shouting", None)
    assert broken(gate, "HELLO") == ["no_shouting"]
    assert broken(gate, "hello") == []


def test_the_gate_is_a_gate_and_gives_one_verdict_a_rule(gate: RuleGate) -> None:
    assert isinstance(gate, Gate)
    assert [verdict.rule for verdict in gate.judge("hello")] == ALL


def test_by_default_no_brand_is_banned_and_answers_are_grounded() -> None:
    gate = open_gate(None)
    assert broken(gate, "Acme made 7.") == []
    assert broken(gate, "There are 7.", surface="answer") == ["grounded"]


def test_a_rule_can_be_turned_off(tmp_path: Path) -> None:
    gate = open_gate(written(tmp_path, "grounded: off\n"))
    assert [rule.name for rule in gate.rules] == ["banned_brands", "fits_schema", "instructions"]


def test_brands_that_yaml_takes_for_something_else_stay_brands(tmp_path: Path) -> None:
    gate = open_gate(written(tmp_path, "banned_brands:\n  brands:\n    - name: ON\n    - name: 3M\n    - name: 4711\n"))
    for text in ("On shoes", "3m tape", "4711 cologne"):
        assert broken(gate, text) == ["banned_brands"]


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "banned_brands:\n", "banned_brands:\n  brands: []\n", "grounded: on\n"]
)
def test_an_empty_rules_file_means_the_defaults(tmp_path: Path, text: str) -> None:
    assert [rule.name for rule in open_gate(written(tmp_path, text)).rules] == ALL


BRANDS = "banned_brands:\n  brands:\n"
FIRST = "banned_brands.brands[0]"
NAMES = "banned_brands, fits_schema, grounded and instructions"


def assert_refused(file: Path, sentence: str) -> None:
    """Opening the rules ends in one sentence that names the file."""
    with pytest.raises(AskAgain) as error:
        open_gate(file)
    assert str(file) in str(error.value)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("baned_brands: {}\n", f"line 1: there is no rule baned_brands; there are {NAMES}."),
        ("banned_brands:\n  brand: []\n", "line 2: there is no setting banned_brands.brand."),
        (f"{BRANDS}    - name: Acme\n      alias: [A]\n", f"line 4: there is no setting {FIRST}.alias."),
        (f"{BRANDS}    - name: ''\n", f"line 3: {FIRST}.name is empty; give at least one letter or digit."),
        (f"{BRANDS}    - name:\n", f"line 3: {FIRST}.name is empty; give at least one letter or digit."),
        (f"{BRANDS}    - name: '!!!'\n", f"line 3: {FIRST}.name has no letter or digit to look for."),
        (f"{BRANDS}    - aliases: [A]\n", f"line 3: {FIRST}.name is missing."),
        (f"{BRANDS}    - name: A\n      match_case: perhaps\n", f"line 4: {FIRST}.match_case does not fit"),
        ("banned_brands:\n  brands: Acme\n", "line 2: banned_brands.brands does not fit"),
        ("banned_brands: Acme\n", "line 1: banned_brands does not fit"),
        ("banned_brands:\n  brands: []\n  brands: []\n", "line 3: brands is given twice."),
        ("- Acme\n", f"line 1: expected the names of rules ({NAMES}) with their settings."),
        ("? [a, b]\n: c\n", "line 1: a list or mapping stands where the name of a setting should."),
        ("banned_brands: [\n", "this is not YAML"),
        ("a: b: c\n", "line 1: this is not YAML"),
    ],
)
def test_a_mistake_in_the_rules_file_is_one_sentence_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    assert_refused(written(tmp_path, text), sentence)


def test_a_missing_or_binary_rules_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(AskAgain, match="There is no rules file"):
        open_gate(tmp_path / "none.yaml")
    with pytest.raises(AskAgain, match="There is no rules file"):
        open_gate(tmp_path)
    (tmp_path / "rules.yaml").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(AskAgain, match="not a YAML text file"):
        open_gate(tmp_path / "rules.yaml")


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LAUGHS, "line 1: rules cannot use YAML anchors"),
        ("banned_brands: &a\n  brands: [*a]\n", "line 1: rules cannot use YAML anchors"),
        (f"{BRANDS}    - name: *a\n", "line 3: rules cannot use YAML anchors"),
        (f"{BRANDS}    - name: &Acme\n", "line 3: rules cannot use YAML anchors"),
        ("[" * 100_000, "line 1: lists or settings lie more than 20 deep"),
        ("{a: " * 100_000, "line 1: lists or settings lie more than 20 deep"),
        ("- " * 100_000, "line 1: lists or settings lie more than 20 deep"),
        ("".join(" " * depth + "a:\n" for depth in range(500)), "lists or settings lie more than 20 deep"),
        ("#" * 1_000_001, "too large for a rules file (over 1 MB)"),
    ],
    ids=["laughs", "itself", "alias", "anchor", "lists", "mappings", "dashes", "indents", "size"],
)
def test_a_tangled_rules_file_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    assert_refused(written(tmp_path, text), sentence)


def test_five_thousand_brands_fit_into_a_rules_file(tmp_path: Path) -> None:
    brands = "".join(
        f"    - name: Brand & Sons {number}\n      aliases: [Brandy {number}]\n      match_case: true\n"
        for number in range(5_000)
    )
    assert broken(open_gate(written(tmp_path, BRANDS + brands)), "by Brandy 4321") == ["banned_brands"]


# --- what is shown ------------------------------------------------------------------------------


def test_what_is_caught_is_blacked_out_and_the_rest_stays(gate: RuleGate) -> None:
    assert gate.clean("A c m e's GAP year, gap.com, mind the gap") == "▇▇▇'s GAP year, ▇▇▇.com, mind the gap"
    assert gate.clean("acme_logo (2).png") == "▇▇▇_logo (2).png"
    assert gate.clean("kept") == "kept"


@pytest.mark.parametrize(
    "text", ["A Acme cme", "Ac Acme me", "A-c-Acme-m-e", "Acme" * 3, "Acme Acme A c m e", "#AcmeAcme"]
)
def test_what_is_cleaned_holds_and_stays_as_it_is(gate: RuleGate, text: str) -> None:
    cleaned = gate.clean(text)
    assert broken(gate, cleaned) == []
    assert gate.clean(cleaned) == cleaned


def test_json_is_redacted_with_its_keys(gate: RuleGate) -> None:
    value = {"Acme": [1, "an ACME box", None], "A c m e": {"n": 2.5}, "kept": ("Acme", True)}
    assert redact(value, gate) == {"▇▇▇": [1, "an ▇▇▇ box", None], "▇▇▇ (2)": {"n": 2.5}, "kept": ["▇▇▇", True]}


def test_a_check_never_repeats_the_brand(gate: RuleGate) -> None:
    assert check_text("Made by Acme.", gate) == {
        "kept": False,
        "checks": [
            {"rule": "banned_brands", "kept": False, "broken": "Do not name ▇▇▇: say it without the brand."},
            {"rule": "fits_schema", "kept": True, "broken": None},
            {"rule": "grounded", "kept": True, "broken": None},
            {"rule": "instructions", "kept": True, "broken": None},
        ],
    }
    assert check_text("Made of 7 parts.", gate)["kept"] is True


# --- mending ------------------------------------------------------------------------------------


def mended(gate: RuleGate, text: str, *evidence: Evidence) -> str | None:
    context = {"surface": "answer"} if evidence else {}
    return gate.mend(text, gate.judge(text, evidence, **context), evidence, **context)


def test_a_brand_is_mended_into_a_neutral_phrase(gate: RuleGate) -> None:
    assert mended(gate, "The logo is A c m e's. It is red.") == "The logo is a certain brand's. It is red."


def test_an_invented_number_takes_its_sentence_with_it(gate: RuleGate) -> None:
    evidence = Evidence(said="The total is 9.00.")
    assert mended(gate, "The total is 9.00. The tip is 3.50.", evidence) == "The total is 9.00."


def test_a_text_that_holds_is_left_alone(gate: RuleGate) -> None:
    assert mended(gate, "All is well.") == "All is well."


def test_a_brand_that_was_quoted_is_quoted_no_more(gate: RuleGate) -> None:
    finding = Evidence(said='Found 2 images with the text "Acme": 1. Acme saw.png; 2. plan.png ("saw" read on it).')
    assert mended(gate, finding.said, finding) == (
        'Found 2 images with the text a certain brand: 1. a certain brand saw.png; 2. plan.png ("saw" read on it).'
    )
    assert mended(gate, "It says “ACME saw” on it.", Evidence(said='"ACME saw"')) == (
        "It says a certain brand saw on it."
    )


def test_nothing_left_to_say_mends_to_nothing(gate: RuleGate) -> None:
    assert mended(gate, "The tip is 3.50.", Evidence(said="The total is 9.00.")) is None


def test_a_rule_that_cannot_point_cannot_be_mended(gate: RuleGate) -> None:
    verdicts = gate.judge("no json", schema={"type": "object"}, surface="answer")
    assert gate.mend("no json", verdicts) is None

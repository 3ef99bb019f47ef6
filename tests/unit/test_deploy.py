"""What a machine without a container engine can say of deploy/: the image's recipe and the compose file agree."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft202012Validator
from pydantic import AliasChoices

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OURS = ("bot", "worker")
COMPILERS = re.compile(r"\b(gcc|g\+\+|clang|make|build-essential|python3-dev|cargo|rustc)\b")


class Instruction(NamedTuple):
    """One instruction of a Dockerfile, its lines joined."""

    name: str
    rest: str


@cache
def stages() -> list[list[Instruction]]:
    """The instructions of deploy/Dockerfile, stage by stage."""
    text = "\n".join(line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if not line.startswith("#"))
    lines = [line for line in re.sub(r"\\\n\s*", " ", text).splitlines() if line.strip()]
    found: list[list[Instruction]] = []
    for line in lines:
        name, _, rest = line.partition(" ")
        found += [[]] if name == "FROM" else []
        found[-1].append(Instruction(name, rest))
    return found


def said(name: str, stage: int = -1) -> list[str]:
    return [instruction.rest for instruction in stages()[stage] if instruction.name == name]


@cache
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def services() -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"]
    return found


@cache
def variables() -> set[str]:
    """Every variable Settings reads."""
    names = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names |= set(map(str, alias.choices)) if isinstance(alias, AliasChoices) else {f"SPYGLASS_{name.upper()}"}
    return names


# --- the image ------------------------------------------------------------------------------------


def test_both_stages_start_from_one_python_named_by_its_full_version() -> None:
    build, final = (stage[0].rest.partition(" ")[0] for stage in stages())
    assert build == final
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", final)


def test_the_python_of_the_image_is_one_the_project_supports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least = tuple(map(int, project["requires-python"].removeprefix(">=").split(".")))
    found = re.search(r"python:(\d+)\.(\d+)", stages()[-1][0].rest)
    assert found is not None
    assert tuple(map(int, found.groups())) >= least


def test_everything_copied_is_there_and_let_through_and_nothing_else_is() -> None:
    copied = {source for rest in said("COPY", 0) for source in rest.split()[:-1]}
    assert [source for source in copied if not (ROOT / source).exists()] == []
    ignore = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert ignore[0] == "*"
    assert {line.removeprefix("!") for line in ignore if line.startswith("!")} == copied


def test_every_package_of_the_project_is_in_the_image() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {name.rstrip("*") for name in config["tool"]["setuptools"]["packages"]["find"]["include"]}
    copied = {rest.split()[0] for rest in said("COPY", 0)}
    assert packages | {config["project"]["readme"]} <= copied


def test_a_link_inside_a_package_leads_to_something_copied() -> None:
    copied = {source for rest in said("COPY", 0) for source in rest.split()[:-1]}
    links = [
        path for package in ("bot", "graphs", "tools") for path in (ROOT / package).rglob("*") if path.is_symlink()
    ]
    assert links
    for link in links:
        target = link.resolve().relative_to(ROOT)
        assert any(target.is_relative_to(source) for source in copied), link


def test_every_package_is_installed_at_the_version_of_the_constraints() -> None:
    installs = [part for rest in said("RUN", 0) for part in rest.split("&&") if "pip install" in part]
    assert installs
    assert [part for part in installs if "-c constraints.txt" not in part and "--no-deps" not in part] == []
    assert any("UV_TORCH_BACKEND=cpu" in rest for rest in said("ENV", 0))


def test_the_final_stage_runs_as_nobody_special_from_then_on() -> None:
    names = [instruction.name for instruction in stages()[-1]]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said("USER")[0])
    assert {"RUN", "COPY", "ADD"}.isdisjoint(names[names.index("USER") :])


def test_the_final_stage_has_poppler_and_no_compiler() -> None:
    run = " ".join(said("RUN"))
    assert "poppler-utils" in run
    assert not COMPILERS.search(run)
    assert "rm -rf /var/lib/apt/lists/*" in run


def test_signals_reach_the_process_and_health_is_asked_of_a_module_that_is_there() -> None:
    assert json.loads(said("ENTRYPOINT")[0]) == ["tini", "--", "spyglass"]
    assert json.loads(said("CMD")[0]) == ["serve"]
    python, flag, module = json.loads(said("HEALTHCHECK")[0].partition(" CMD ")[2])
    assert (python, flag) == ("python", "-m")
    assert (ROOT / f"{module.replace('.', '/')}.py").exists()


def test_what_is_kept_lies_in_the_volume() -> None:
    (volume,) = said("VOLUME")
    assert f"SPYGLASS_HOME={volume}" in " ".join(said("ENV"))
    for name in OURS:
        assert services()[name]["volumes"] == [f"home:{volume}"]


def test_the_image_has_no_secret_and_no_setting_that_is_none() -> None:
    given = re.findall(r"\b([A-Z][A-Z0-9_]+)=", " ".join(said("ENV")))
    assert {name for name in given if name.startswith("SPYGLASS_")} <= variables()
    assert not any(word in name for name in given for word in ("TOKEN", "KEY", "SECRET", "PASSWORD"))


# --- the compose file -----------------------------------------------------------------------------


def test_the_compose_file_is_valid_by_the_compose_specification() -> None:
    problems = Draft202012Validator(get_builtin_schema("vendor.compose-spec")).iter_errors(compose())
    assert [f"{list(problem.path)}: {problem.message}" for problem in problems] == []


def test_the_compose_specification_would_have_found_a_mistake() -> None:
    wrong = {**compose(), "services": {"bot": {"image": "x", "read_onyl": True}}}
    assert list(Draft202012Validator(get_builtin_schema("vendor.compose-spec")).iter_errors(wrong))


@pytest.mark.parametrize("name", OURS)
def test_every_variable_given_to_us_is_a_setting(name: str) -> None:
    assert set(services()[name]["environment"]) <= variables()


def test_the_only_value_asked_for_besides_settings_is_the_databases_password() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{(\w+)", text)) == {"POSTGRES_PASSWORD"}
    assert "${POSTGRES_PASSWORD}" not in text  # always with the sentence that says where to put it


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_the_compose_file_are_understood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in services()[name]["environment"].items():
        monkeypatch.setenv(variable, re.sub(r"\$\{(\w+)[^}]*\}", "0a1b", value))
    settings = Settings(_env_file=None)
    assert settings.archive == "qdrant_server:http://qdrant:6333"  # more than one worker needs a server
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://spyglass:0a1b@postgres:5432/spyglass"


def test_bot_and_workers_differ_in_what_they_do_alone() -> None:
    bot, worker = ({**services()[name], "command": None} for name in OURS)
    assert bot == worker
    commands = [services()[name]["command"] for name in OURS]
    assert commands == [["serve", "--several"], ["work"]]
    for name, *options in commands:
        import_module(f"bot.commands.{name}").command.make_context(name, options)  # raises for what it does not take


def test_the_image_is_built_by_the_recipe_from_the_root() -> None:
    build = services()["bot"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert ROOT / build["dockerfile"] == DEPLOY / "Dockerfile"


@pytest.mark.parametrize("name", ["bot", "worker", "postgres", "qdrant"])
def test_no_container_may_more_than_it_needs(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory", "pids"} == set(service["deploy"]["resources"]["limits"])
    assert not {"ports", "privileged", "cap_add", "network_mode", "pid"} & set(service)
    assert any(place.startswith("/tmp") for place in service["tmpfs"])


@pytest.mark.parametrize("name", ["postgres", "qdrant"])
def test_a_database_is_reached_by_us_alone_and_keeps_its_data(name: str) -> None:
    service = services()[name]
    assert service["networks"] == ["inside"]
    assert compose()["networks"]["inside"]["internal"] is True
    assert all("inside" in services()[ours]["networks"] for ours in OURS)
    (volume,) = service["volumes"]
    assert volume.partition(":")[0] in compose()["volumes"]


def test_we_start_once_the_databases_are_healthy() -> None:
    for name, how in services()["bot"]["depends_on"].items():
        assert how == {"condition": "service_healthy"}
        assert services()[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["bot", "worker", "postgres", "qdrant"])
def test_images_are_named_by_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", services()[name]["image"])


def test_qdrants_server_is_one_its_client_speaks_with() -> None:
    client = re.search(r"^qdrant-client==(\d+)\.(\d+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    server = re.search(r":v(\d+)\.(\d+)", services()["qdrant"]["image"])
    assert client is not None
    assert server is not None
    assert client[1] == server[1]
    assert abs(int(client[2]) - int(server[2])) <= 1


def test_the_image_is_named_by_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert services()["bot"]["image"] == f"{project['name']}:{project['version']}"

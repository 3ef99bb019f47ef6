"""Where settings come from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import has_desktop, read_settings, worker_environment
from bot.settings.environment import switch_langsmith
from tools.kit import AskAgain


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    home, here = tmp_path / "home", tmp_path / "downloaded"
    home.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("SPYGLASS_HOME", str(home))
    for name in ("OPENAI_BASE_URL", "SPYGLASS_OPENAI_BASE_URL", "SPYGLASS_MODEL", "SLACK_BOT_TOKEN", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    read_settings.cache_clear()
    yield
    read_settings.cache_clear()


def test_a_file_in_the_current_folder_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "downloaded" / ".env").write_text("OPENAI_BASE_URL=http://evil.invalid\nSPYGLASS_MODEL=openai:x\n")
    assert read_settings().openai_base_url is None
    assert read_settings().model == "local"


def test_the_file_in_the_home_is_read_and_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = "SPYGLASS_MODEL=openai:x\nOPENAI_BASE_URL=http://here.invalid\nSPYGLASS_HOME=/elsewhere\n"
    (tmp_path / "home" / ".env").write_text(file)
    monkeypatch.setenv("SPYGLASS_MODEL", "openai:y")
    settings = read_settings()
    assert (settings.model, settings.openai_base_url) == ("openai:y", "http://here.invalid")
    assert settings.home == tmp_path / "home"


def test_workers_are_told_where_things_are_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("SPYGLASS_DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    seen = worker_environment()
    assert "secret" not in str(seen)
    assert (seen["OMP_NUM_THREADS"], seen["PATH"] != "") == ("1", True)


ALGEBRA = """
from bot.cli import main
try:
    main(["--version"])
except SystemExit:
    pass
import numpy, threadpoolctl
print([pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"])
"""


def test_no_thread_of_algebra_spins_beside_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", ALGEBRA], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[1]"


def test_slack_is_set_by_the_names_slack_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api",
        "SPYGLASS_SLACK_DENY_USERS": "U1, U2,",
    }.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.slack_bot_token
    assert (settings.slack_bot_token.get_secret_value(), settings.slack_api_url) == (
        "xoxb-1",
        "http://127.0.0.1:9/api/",
    )
    assert settings.slack_deny_users == {"U1", "U2"}


@pytest.mark.parametrize(
    "url",
    [
        "slack.com/api",
        "ftp://slack.com/api",
        "https:///api",
        "https://[::1/api",
        "https://slack.com:x/api",
        "https://slack.com:99999/api",
        "https://user:password@slack.com/api",
        "https://slack.com/api?x=1",
        "https://slack.com/api#x",
        "https://slack.com\\@evil.invalid/api",
        "https://slack.com /api",
    ],
)
def test_an_address_of_slack_that_is_none_is_said_with_its_variable(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    with pytest.raises(AskAgain, match="SLACK_API_URL cannot be used: Give the whole address"):
        read_settings()


@pytest.mark.parametrize(
    "url", ["http://slack.example.com/api/", "http://10.0.0.7/api", "http://127.0.0.1.example.com/"]
)
def test_tokens_are_not_sent_unencrypted_over_a_network(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    with pytest.raises(AskAgain, match="SLACK_API_URL cannot be used: The token would cross the network unencrypted"):
        read_settings()


@pytest.mark.parametrize("url", ["http://localhost:9/api/", "http://[::1]:9/api/", "https://slack.example.com/api/"])
def test_this_machine_and_encrypted_addresses_are_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    assert read_settings().slack_api_url == url


@pytest.mark.parametrize("name", ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GOOGLE_BASE_URL", "AWS_ENDPOINT_URL"])
@pytest.mark.parametrize("url", ["nonsense", "localhost:8080/v1", "ftp://example.com", "http://", "http://a b/v1"])
def test_an_address_of_a_provider_that_is_none_is_said_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(name, url)
    with pytest.raises(
        AskAgain, match=f"{name} cannot be used: Give the whole address, as in http://localhost:8080/v1"
    ):
        read_settings()


@pytest.mark.parametrize("url", ["https://proxy.example.com/anthropic/", "http://[::1]:8080/v1?key=x"])
def test_an_address_of_a_provider_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    assert read_settings().anthropic_base_url == url


def test_a_token_goes_before_an_installation_by_oauth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    assert read_settings().several_workspaces
    read_settings.cache_clear()
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    assert not read_settings().several_workspaces


def test_each_key_of_tokens_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPYGLASS_TOKEN_KEYS", "k-new, k-old")
    assert {"k-new", "k-old"} <= set(read_settings().secrets())
    assert "k-old" not in repr(read_settings())


@pytest.mark.parametrize(("variable", "there"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("TERM", False)])
def test_a_browser_is_opened_only_where_it_has_a_screen(
    monkeypatch: pytest.MonkeyPatch, variable: str, there: bool
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, ":0")
    assert has_desktop() is there


def test_kinds_of_images_to_hold_back_are_known_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPYGLASS_HOLD_BACK", "faces, screens")
    assert read_settings().hold_back == {"faces", "screens"}
    read_settings.cache_clear()
    monkeypatch.setenv("SPYGLASS_HOLD_BACK", "face")
    with pytest.raises(AskAgain, match="HOLD_BACK cannot be used: input should be 'faces', 'screens' or 'documents'"):
        read_settings()


def test_variables_of_langsmith_say_what_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGCHAIN_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_TRACING_V2", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "of the environment")
    monkeypatch.setenv("LANGSMITH_PROJECT", "mine")
    switch_langsmith(None)
    assert os.environ["LANGSMITH_TRACING_V2"] == "false"
    assert "LANGCHAIN_TRACING" not in os.environ
    switch_langsmith("of the settings")
    assert (os.environ["LANGSMITH_TRACING_V2"], os.environ["LANGSMITH_API_KEY"]) == ("true", "of the settings")
    assert os.environ["LANGSMITH_PROJECT"] == "mine"

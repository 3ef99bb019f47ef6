"""The bot of a local workspace keeps to its own home."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from bot.local_run import pointed_at
from bot.local_slack import LocalSlack
from bot.settings import Settings


async def test_a_local_workspace_keeps_nothing_where_a_team_shares(tmp_path: Path) -> None:
    shared = Settings(
        home=tmp_path,
        database_url=SecretStr("postgresql://db.example/spyglass"),
        archive="qdrant_server:http://qdrant.example:6333",
        blobs="s3://bucket/prefix",
        slack_client_id="1.2",
    )
    async with LocalSlack() as slack:
        ours = pointed_at(slack, shared)
    assert (ours.home, ours.database_url, ours.archive, ours.blobs) == (tmp_path, None, "qdrant_edge", "folder_blobs")
    assert (ours.slack_api_url, ours.several_workspaces) == (slack.api_url, False)

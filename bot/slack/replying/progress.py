"""Pure: the steps of a turn as Slack shows them: tasks of a stream, lines of a message, or a status.

https://docs.slack.dev/reference/methods/chat.appendStream: `task_update` chunks with the same id are one task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.slack.replying import labels
from bot.slack.replying.mrkdwn import notice, title
from bot.slack.replying.replies import Block, Reply, fits, stop_button
from bot.slack.replying.rich import block, section, text_element
from graphs.state import Step

Chunk = dict[str, Any]

STATUS = {"running": "in_progress", "done": "complete", "failed": "error"}
TITLE = 150
"""Characters of a title; Slack takes 256."""
MOST = 40
"""Tasks that are shown; a turn has rarely ten. The last one stands for those after it."""
TASK_MODE = "plan"


@dataclass
class Task:
    id: str
    title: str
    state: str


@dataclass
class Steps:
    """The steps so far, and which of them have changed since they were last shown."""

    tasks: list[Task] = field(default_factory=list)
    _changed: dict[str, Task] = field(default_factory=dict)

    def note(self, step: Step) -> None:
        """A step began, or one that began under this title is over."""
        task = self._running(step) if step.state != "running" else None
        if task is None:
            task = self._new(step)
        task.state = step.state
        self._changed[task.id] = task

    def _running(self, step: Step) -> Task | None:
        shown = _title(step)
        return next((task for task in self.tasks if task.title == shown and task.state == "running"), None)

    def _new(self, step: Step) -> Task:
        if len(self.tasks) < MOST:
            self.tasks.append(Task(str(len(self.tasks) + 1), "", step.state))
        self.tasks[-1].title = _title(step)
        return self.tasks[-1]

    @property
    def changed(self) -> bool:
        return bool(self._changed)

    def take(self) -> list[Chunk]:
        """Updates of whatever has changed since the last time."""
        changed, self._changed = self._changed, {}
        return [_chunk(task) for task in changed.values()]

    def put_back(self, chunks: Sequence[Chunk]) -> None:
        """Those updates were not shown after all."""
        missed = {chunk["id"] for chunk in chunks if "id" in chunk}
        self._changed = {task.id: task for task in self.tasks if task.id in missed} | self._changed

    def end(self, state: str = "done") -> None:
        """Nothing goes on any more: what was still running ended like that."""
        for task in self.tasks:
            if task.state == "running":
                task.state = state
                self._changed[task.id] = task

    @property
    def status(self) -> str:
        """What goes on now, in a few words."""
        running = [task.title for task in self.tasks if task.state == "running"]
        return running[-1] if running else labels.WORKING


def _title(step: Step) -> str:
    return title(step.title, TITLE) or step.tool or labels.STEPS


def _chunk(task: Task) -> Chunk:
    return {"type": "task_update", "id": task.id, "title": task.title, "status": STATUS[task.state]}


def opening() -> list[Chunk]:
    """What a stream begins with besides its first tasks."""
    return [{"type": "plan_update", "title": labels.STEPS}]


def stop_chunk(question_ts: str) -> Chunk:
    return {"type": "blocks", "blocks": [stop_button(question_ts)]}


def closing(steps: Steps) -> list[Chunk]:
    return [{"type": "plan_update", "title": labels.STEPS_DONE}] if steps.tasks else []


def as_reply(steps: Steps, question_ts: str) -> Reply:
    """The steps as a message that is edited while they go on."""
    lines = "\n".join(f"{labels.MARKS[task.state]} {task.title}" for task in steps.tasks) or labels.STEPS
    return Reply(notice(lines), (block([section(text_element(lines))]), stop_button(question_ts)))


def with_plan(steps: Steps, reply: Reply) -> Reply:
    """The reply below the steps that led to it, as a stream leaves them; alone where both are too much."""
    if not steps.tasks:
        return reply
    cards = [
        {"type": "task_card", "task_id": task.id, "title": task.title, "status": STATUS[task.state]}
        for task in steps.tasks
    ]
    plan: Block = {"type": "plan", "title": labels.STEPS_DONE, "tasks": cards}
    return Reply(reply.text, (plan, *reply.blocks)) if fits([plan], reply.blocks) else reply

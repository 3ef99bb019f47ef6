"""The agent as a picture: nodes and edges, nothing else.

think -> act -> think ... -> check -> answer
                               |-> think again with what was wrong, three drafts at most
                               '-> give_up

A message none of whose files opens, in a thread without images, goes straight from decline to check.
"""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graphs import nodes
from graphs.state import Surroundings, ThreadState


def build_agent(checkpointer: BaseCheckpointSaver[Any] | None) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The graph of one turn; the checkpointer is the thread's memory."""
    graph = StateGraph(ThreadState, context_schema=Surroundings)
    graph.add_node("think", nodes.think)
    graph.add_node("decline", nodes.decline)
    graph.add_node("act", nodes.act)
    graph.add_node("check", nodes.check)
    graph.add_node("answer", nodes.answer)
    graph.add_node("give_up", nodes.give_up)
    graph.add_conditional_edges(START, nodes.at_start, ["think", "decline"])
    graph.add_conditional_edges("think", nodes.after_think, ["act", "check"])
    graph.add_edge("act", "think")
    graph.add_edge("decline", "check")
    graph.add_conditional_edges("check", nodes.after_check, ["answer", "think", "give_up"])
    graph.add_edge("answer", END)
    graph.add_edge("give_up", END)
    return graph.compile(checkpointer=checkpointer)

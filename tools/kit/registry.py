"""`@tool`, and discovery: a file in `tools/` is a tool because it is there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints, overload

from pydantic import BaseModel, ConfigDict, Field, create_model

from tools.kit.types import Evidence, Image, Json

Run = Callable[..., Awaitable[Evidence]]
F = TypeVar("F", bound=Run)

MARK = "__spyglass_tool__"
HANDLE = "An image of this thread by its handle, such as 'image 2'."
HANDLES = "Images of this thread by their handles, such as ['image 1', 'image 2']."


@dataclass(frozen=True)
class Tool:
    """One ability: what the model may say of it, and what it must be lent."""

    name: str
    description: str
    run: Run
    parameters: type[BaseModel]
    """What the model says: the parameters before the `*`, images as handles."""
    images: dict[str, bool]
    """Image parameters by name; True where the parameter is a list."""
    lent: dict[str, type]
    """Parameters after the `*` and the port each takes."""
    optional: frozenset[str] = frozenset()
    """Those of them that may be None (`VisionModel | None`): the tool does without where there is none."""
    doing: str = ""
    """What people see while it runs, before the images it runs on: ``Reading``. Empty for its name."""

    def validate(self, arguments: Mapping[str, Json]) -> dict[str, Any]:
        """The arguments by parameter name, defaults filled in.

        Raises: pydantic.ValidationError.
        """
        valid = self.parameters.model_validate(dict(arguments))
        return {field.alias or name: getattr(valid, name) for name, field in self.parameters.model_fields.items()}

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The tool in the form chat models are told of it (OpenAI function format)."""
        parameters = self.parameters.model_json_schema()
        parameters.pop("title", None)
        return {
            "type": "function",
            "function": {"name": self.name, "description": self.description, "parameters": parameters},
        }


@overload
def tool(run: F) -> F: ...


@overload
def tool(*, doing: str) -> Callable[[F], F]: ...


def tool(run: F | None = None, *, doing: str = "") -> F | Callable[[F], F]:
    """Mark an async function as a tool. Its docstring is what the model reads; its signature is the contract.

    doing: what people see while it runs, before the images it runs on (``Reading``); its name when not given.
    """

    def mark(run: F) -> F:
        setattr(run, MARK, doing)
        return run

    return mark(run) if run else mark


def tool_of(run: Run) -> Tool:
    """Read a tool's contract off its signature.

    Raises: TypeError when the function breaks the form (not async, no docstring, no annotation).
    """
    name = run.__name__
    if not inspect.iscoroutinefunction(run):
        raise TypeError(f"Tool {name} must be an async function.")
    if not run.__doc__:
        raise TypeError(f"Tool {name} needs a docstring: it is what the model reads.")
    hints = get_type_hints(run, include_extras=True)
    fields: dict[str, Any] = {}
    images: dict[str, bool] = {}
    lent: dict[str, type] = {}
    optional: set[str] = set()
    for parameter in inspect.signature(run).parameters.values():
        if parameter.name not in hints:
            raise TypeError(f"Tool {name} must annotate {parameter.name}.")
        annotation = hints[parameter.name]
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            lent[parameter.name], may_lack = _port(annotation)
            optional |= {parameter.name} if may_lack else set()
            continue
        spoken, is_image = _spoken(annotation)
        if is_image is not None:
            images[parameter.name] = is_image
        fields[_field_name(parameter.name)] = (spoken, _field(parameter, is_image))
    parameters = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
    return Tool(
        name,
        inspect.cleandoc(run.__doc__),
        run,
        cast(type[BaseModel], parameters),
        images,
        lent,
        frozenset(optional),
        doing=getattr(run, MARK, ""),
    )


def _port(annotation: Any) -> tuple[type, bool]:
    """The port, and whether the tool can do without it."""
    if get_origin(annotation) in (Union, UnionType):
        ports = [part for part in get_args(annotation) if part is not NoneType]
        return cast(type, ports[0]), True
    return cast(type, annotation), False


def _field_name(parameter: str) -> str:
    """Pydantic keeps some names for itself (`schema`): such a field gets an underscore, and its own name as alias."""
    return f"{parameter}_" if hasattr(BaseModel, parameter) else parameter


def _field(parameter: inspect.Parameter, is_image: bool | None) -> Any:
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    description = None if is_image is None else HANDLES if is_image else HANDLE
    return Field(default, alias=parameter.name, description=description)


def _spoken(annotation: Any) -> tuple[Any, bool | None]:
    """What the model says for a parameter: images become handles. Second: None no image, False one, True a list."""
    if annotation is Image:
        return str, False
    if get_origin(annotation) is list and get_args(annotation) == (Image,):
        return list[str], True
    if get_origin(annotation) in (Union, UnionType):
        parts = [_spoken(part) for part in get_args(annotation)]
        kinds = [kind for _, kind in parts if kind is not None]
        return Union[tuple(part for part, _ in parts)], kinds[0] if kinds else None  # noqa: UP007
    return annotation, None


@cache
def discover() -> dict[str, Tool]:
    """Every tool in `tools/`, by name, in alphabetical order."""
    import tools

    found: dict[str, Tool] = {}
    for module in sorted(pkgutil.iter_modules(tools.__path__), key=lambda module: module.name):
        if module.ispkg:
            continue
        for value in vars(importlib.import_module(f"tools.{module.name}")).values():
            if hasattr(value, MARK) and value.__module__ == f"tools.{module.name}":
                found[value.__name__] = tool_of(value)
    return found

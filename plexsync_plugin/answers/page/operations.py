"""Which operations the page has: the arguments that each takes, the answer that it gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from plexsync_plugin.answers.page import arguments, library_shapes, order_shapes, play_shapes, shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Two dataclasses."""

    arguments: type
    answer: type


OPERATIONS: Mapping[str, Operation] = {
    "overview": Operation(arguments=arguments.NoArguments, answer=shapes.Overview),
    "activity": Operation(arguments=arguments.ActivityArguments, answer=shapes.Activity),
    "problems": Operation(arguments=arguments.ProblemsArguments, answer=shapes.Problems),
    "scene": Operation(arguments=arguments.SceneArguments, answer=shapes.Scene),
    "preview": Operation(arguments=arguments.PreviewArguments, answer=shapes.Preview),
    "library": Operation(arguments=arguments.NoArguments, answer=library_shapes.Library),
    "libraries": Operation(arguments=arguments.NoArguments, answer=library_shapes.Libraries),
    "search": Operation(arguments=arguments.SearchArguments, answer=library_shapes.Search),
    "posters": Operation(arguments=arguments.PostersArguments, answer=library_shapes.Posters),
    "plays": Operation(arguments=arguments.PlaysArguments, answer=play_shapes.PlaysFromPlex),
    "order": Operation(arguments=arguments.OrderArguments, answer=order_shapes.OrderGiven),
    "ticket": Operation(arguments=arguments.TicketArguments, answer=order_shapes.Ticket),
}

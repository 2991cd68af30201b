"""Words for tests of uploads."""

from __future__ import annotations

from app.core.uploads import Phase
from tests.services.virtual_time import settled
from tests.services.world import World


def phases(world: World) -> list[Phase]:
    return [upload.phase for upload in world.uploads]


def phase(world: World) -> Phase:
    """What the only upload is doing."""
    return world.upload.phase


def what(world: World) -> str:
    """Why the only upload did not work."""
    assert world.upload.problem is not None
    return str(world.upload.problem)


async def sending(*names: str, size: int = 1000, world: World | None = None) -> World:
    """A world in which the first of the files is being sent."""
    world = world or World()
    world.drop(*names or ("a.gguf",), size=size)
    await settled()
    assert world.uploads[0].phase is Phase.SENDING
    return world

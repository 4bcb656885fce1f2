"""The runtime's own view of a universe, for what only the runtime can do: decode options, write and read messages."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.descriptor_pool import DescriptorPool


class NotTakenError(Exception):
    """The runtime refuses what protoc took, such as an edition that is newer than itself; str() says why."""


def pool_of(descriptors: Mapping[str, bytes]) -> DescriptorPool:
    """A pool with the files of a universe, imports before importers. NotTakenError: there can be none."""
    pool = DescriptorPool()
    try:
        for data in descriptors.values():
            pool.AddSerializedFile(data)
    except (TypeError, ValueError) as error:
        raise NotTakenError(" ".join(str(error).split())) from error
    return pool

"""The .proto files, compiled when the program runs, as a client of a reference has them."""

import sys
from types import ModuleType
from typing import Any

import grpc


class Contracts:
    """Messages and stubs of the services below a folder of .proto files."""

    FILES = (
        "wethertweet/wethertweet.proto",
        "weathertweet/weathertweet.proto",
        "confproto/confproto.proto",
    )

    def __init__(self, folder: str) -> None:
        # The compiler looks for files, and for what they import, along this path.
        sys.path.append(folder)
        self._modules: dict[str, tuple[ModuleType, ModuleType, Any]] = {}
        for file in self.FILES:
            messages, services = grpc.protos_and_services(file)
            for service in messages.DESCRIPTOR.services_by_name.values():
                self._modules[service.full_name] = (messages, services, service)
        self.violations = grpc.protos("buf/validate/validate.proto").Violations

    @property
    def services(self) -> list[str]:
        """The full names of all services."""
        return list(self._modules)

    def descriptor(self, service: str) -> Any:
        """The descriptor of a service."""
        return self._modules[service][2]

    def message(self, service: str, name: str) -> Any:
        """The class of a message in the file of a service."""
        return getattr(self._modules[service][0], name)

    def stub(self, service: str, channel: grpc.Channel) -> Any:
        """A generated client of a service."""
        _, services, descriptor = self._modules[service]
        return getattr(services, f"{descriptor.name}Stub")(channel)

    def add_to(self, server: grpc.Server, service: str, servicer: object) -> None:
        """Registers what answers a service, by the generated function."""
        _, services, descriptor = self._modules[service]
        getattr(services, f"add_{descriptor.name}Servicer_to_server")(servicer, server)

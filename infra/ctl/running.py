"""`okrugctl start | stop | restart | status | manage`: an installation day by day."""

import argparse

from infra.ctl import configuring, product
from infra.ctl.errors import Refusal
from infra.ctl.place import Place
from infra.ctl.renewing import renew, turns
from infra.ctl.services import Services, services_of
from infra.ctl.units import names_of


def run(asked: argparse.Namespace) -> int:
    """Do what is asked of the services."""
    place = Place.of_this_release()
    told = configuring.product_environment(place, admin=False)
    services = services_of(place, systemd=told.get("OKRUG_KEEPER") == "systemd")
    servers, processes = names_of(told)
    if asked.verb == "manage":
        return _manage(place, asked.words)
    if asked.verb == "start":
        services.start([*servers, *processes])
    elif asked.verb == "stop":
        services.stop([*servers, *processes])
    elif asked.verb == "restart":
        if asked.servers:
            services.restart(servers)
        for turn in turns(processes):
            renew(place, services, turn, patience=product.READY_SECONDS)
    return _status(services, [*servers, *processes]) if asked.verb != "stop" else 0


def _status(services: Services, names: list[str]) -> int:
    active = services.active(names)
    for name in names:
        print(f"{name}: {'работает' if name in active else 'НЕ РАБОТАЕТ'}")
    return 0 if active == names else 1


def _manage(place: Place, words: list[str]) -> int:
    release = place.release()
    if release is None:
        raise Refusal("Округ не установлен: okrugctl install.")
    return product.call(place, release, "-m", "config", "manage", *words)

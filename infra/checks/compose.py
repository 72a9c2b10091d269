"""Our rules for the compose file, asserted on what Compose itself resolves: no engine is needed.

Every fault is a sentence that begins with the name of its rule.
"""

from collections.abc import Iterator
from typing import Any

from infra.checks.kubernetes import ADMIN, DIGEST, is_secret

Thing = dict[str, Any]

LET_OUT = {"egress", "mail"}
LET_IN = {"proxy"}
MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"
KNOW_ADMIN = {"migrate-public", "sync-roles", "migrate-schools", "backup"}
AFTER = {"migrate-public": "postgres", "sync-roles": "migrate-public"}
NO_PRIVILEGES = "no-new-privileges:true"


def faults(project: Thing) -> list[str]:
    """Return what is against our rules in a resolved project."""
    services: dict[str, Thing] = project["services"]
    found = [
        f"{rule}: {name}: {words}"
        for name, service in services.items()
        for rule, words in _faults_of_service(name, service)
    ]
    return [*found, *_faults_of_networks(project), *_faults_of_order(services)]


def _faults_of_service(name: str, service: Thing) -> Iterator[tuple[str, str]]:
    yield from _faults_of_safety(service)
    yield from _faults_of_running(service)
    if service.get("ports") and name not in LET_IN:
        yield "ports", "is open to the machine's neighbours"
    environment = service.get("environment", {})
    for variable, value in environment.items():
        if value and is_secret(variable) and not variable.endswith("_FILE"):
            yield "secrets", f"{variable} stands in plain text"
    files = [one["path"] for one in service.get("env_file", [])]
    knows = ADMIN in environment or any(file.endswith("/admin.env") for file in files)
    if knows and name not in KNOW_ADMIN:
        yield "admin", f"{ADMIN} is given to what only serves"


def _faults_of_safety(service: Thing) -> Iterator[tuple[str, str]]:
    if not DIGEST.fullmatch(service["image"]):
        yield "digest", f"{service['image']} is not pinned by its digest"
    number = service.get("user", "0").partition(":")[0]
    if not number.isdecimal() or int(number) == 0:
        yield "root", "runs as root, or as a name that may mean root"
    if service.get("read_only") is not True:
        yield "readonly", "the root file system can be written to"
    if (
        service.get("cap_drop") != ["ALL"]
        or service.get("cap_add")
        or service.get("privileged")
        or NO_PRIVILEGES not in service.get("security_opt", [])
    ):
        yield "privileges", "gains or keeps privileges"
    mounts = [str(one.get("source")) for one in service.get("volumes", [])]
    shares = any(service.get(key) == "host" for key in ("network_mode", "pid", "ipc"))
    if shares or any(one == "/" or one.endswith("docker.sock") for one in mounts):
        yield "host", "shares something with the machine"


def _faults_of_running(service: Thing) -> Iterator[tuple[str, str]]:
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    if any(not limits.get(what) for what in ("cpus", "memory", "pids")):
        yield "limits", "processor, memory and processes are not all bounded"
    logging = service.get("logging", {})
    if not {"max-size", "max-file"} <= logging.get("options", {}).keys():
        yield "logs", "may fill the disk"
    is_once = service.get("restart") == "no"
    if not is_once and service.get("restart") != "unless-stopped":
        yield "restart", "does not come back after the machine's restart"
    if not is_once and "test" not in service.get("healthcheck", {}):
        yield "health", "nobody looks whether it is at work"


def _faults_of_networks(project: Thing) -> Iterator[str]:
    for name, network in project["networks"].items():
        members = {
            service for service, one in project["services"].items() if name in one["networks"]
        }
        if network.get("internal"):
            continue
        is_front = network.get("driver_opts", {}).get(MASQUERADE) == "false"
        strangers = members - (LET_IN if is_front else LET_OUT)
        if strangers:
            yield f"network: {name}: lets out {', '.join(sorted(strangers))}"


def _faults_of_order(services: dict[str, Thing]) -> Iterator[str]:
    beats = [one for one in services.values() if (one.get("command") or [""])[0] == "beat"]
    if [one.get("deploy", {}).get("replicas", 1) for one in beats] != [1]:
        yield "beat: there must be exactly one, or tasks of the schedule come twice"
    for name, before in AFTER.items():
        if before not in services[name].get("depends_on", {}):
            yield f"migrations: {name} does not wait for {before}"
    for name in ("web", "worker", "beat", "outbox"):
        waits = services[name].get("depends_on", {}).get("migrate-schools", {})
        if waits.get("condition") != "service_completed_successfully":
            yield f"migrations: {name} does not wait for the schools' tables"

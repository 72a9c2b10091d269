"""Our rules for what the chart renders, asserted on the objects themselves: no cluster is needed.

Every fault is a sentence that begins with the name of its rule. What a cluster alone can show
(scheduling, a real roll-out) is not claimed here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Thing = dict[str, Any]

DIGEST = re.compile(r"\S+@sha256:[0-9a-f]{64}")
SECRET_NAME = re.compile(r"SECRET|_KEY$|PASSWORD|TOKEN|DATABASE|BROKER|_DSN$")
NO_SECRETS = {"OKRUG_ESIA_KEY"}  # paths of files
ADMIN = "DATABASE_ADMIN_URL"
REGION = "topology.kubernetes.io/region"
COMPONENT = "app.kubernetes.io/component"
EVERYWHERE = {"0.0.0.0/0", "::/0"}
MIGRATIONS = ("migrate-public", "sync-roles", "migrate-schools")


def faults(things: Sequence[Thing], regions: Sequence[str]) -> list[str]:
    """Return what is against our rules; `regions` are those the operator listed."""
    pods = [(name_of(one), one["kind"], pod) for one in things for pod in _pods(one)]
    found: list[str] = []
    for name, kind, pod in pods:
        found += (f"{rule}: {name}: {words}" for rule, words in _faults_of_pod(pod, kind, regions))
    for one in things:
        found += (f"{rule}: {name_of(one)}: {words}" for rule, words in _faults_of_thing(one))
    return [
        *found,
        *_faults_of_beat(things),
        *_faults_of_web(things),
        *_faults_of_migrations(things),
        *_faults_of_networks(things, pods),
        *_faults_of_selectors(things, pods),
    ]


def name_of(thing: Thing) -> str:
    """Return «Kind/name»."""
    return f"{thing['kind']}/{thing['metadata']['name']}"


def _pods(thing: Thing) -> Iterator[Thing]:
    spec = thing.get("spec", {})
    if thing["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    if thing["kind"] in {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}:
        yield spec["template"]


def _containers(pod: Thing) -> list[Thing]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def _faults_of_pod(pod: Thing, kind: str, regions: Sequence[str]) -> Iterator[tuple[str, str]]:
    spec = pod["spec"]
    security = spec.get("securityContext", {})
    if not (security.get("runAsNonRoot") and int(security.get("runAsUser", 0)) > 0):
        yield "root", "the pod may run as root"
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "seccomp", "no profile of the system calls"
    if spec.get("automountServiceAccountToken") is not False:
        yield "token", "a token of the cluster is put into the pod"
    if any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")) or any(
        "hostPath" in volume for volume in spec.get("volumes", [])
    ):
        yield "host", "the pod shares something with the machine"
    yield from _faults_of_placing(spec, regions)
    for container in _containers(pod):
        yield from _faults_of_container(container, kind)


def _faults_of_placing(spec: Thing, regions: Sequence[str]) -> Iterator[tuple[str, str]]:
    required = (
        spec.get("affinity", {})
        .get("nodeAffinity", {})
        .get("requiredDuringSchedulingIgnoredDuringExecution", {})
        .get("nodeSelectorTerms", [])
    )
    allowed = [
        set(expression["values"])
        for term in required
        for expression in term["matchExpressions"]
        if expression["key"] == REGION and expression["operator"] == "In"
    ]
    # The terms are joined by OR: each must pin the region.
    if not regions or not required or len(allowed) != len(required):
        yield "regions", "the pod may land in any region"
    elif not set().union(*allowed) <= set(regions):
        yield "regions", "the pod may land in a region that is not listed"
    if not spec.get("topologySpreadConstraints"):
        yield "spread", "all copies may land on one machine"


def _faults_of_container(container: Thing, kind: str) -> Iterator[tuple[str, str]]:
    security = container.get("securityContext", {})
    if not DIGEST.fullmatch(container["image"]):
        yield "digest", f"{container['image']} is not pinned by its digest"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "readonly", "the root file system can be written to"
    if (
        security.get("allowPrivilegeEscalation") is not False
        or security.get("privileged")
        or security.get("capabilities") != {"drop": ["ALL"]}
        or security.get("runAsUser", 1) == 0
        or security.get("runAsNonRoot") is False
    ):
        yield "privileges", "the container may gain or keeps privileges"
    resources = container.get("resources", {})
    if any(not resources.get(kind, {}).get(what) for kind, what in LIMITED):
        yield "limits", "requests and limits of processor and memory are not all there"
    if kind == "Deployment" and "livenessProbe" not in container:
        yield "probes", "nobody looks whether it is alive"
    for variable in container.get("env", []):
        if "value" in variable and is_secret(variable["name"]):
            yield "secrets", f"{variable['name']} stands in plain text"
    if kind not in {"Job", "CronJob"} and ADMIN in str(container):
        yield "admin", f"{ADMIN} is given to what only serves"


LIMITED = [(kind, what) for kind in ("requests", "limits") for what in ("cpu", "memory")]


def is_secret(name: str) -> bool:
    """Return whether a variable of that name holds a secret."""
    return bool(SECRET_NAME.search(name)) and name not in NO_SECRETS


def _faults_of_thing(thing: Thing) -> Iterator[tuple[str, str]]:
    if thing["kind"] == "Secret":
        yield "secrets", "the chart itself carries a Secret"
    if thing["kind"] == "ConfigMap":
        for name in thing.get("data", {}):
            if is_secret(name):
                yield "secrets", f"{name} stands in plain text"
    if thing["kind"] == "ServiceAccount" and thing.get("automountServiceAccountToken") is not False:
        yield "token", "the account hands out a token of the cluster"
    if thing["kind"] == "Ingress" and not thing["spec"].get("tls"):
        yield "tls", "the portal is let in without TLS"


def _component(thing: Thing) -> str:
    return str(thing["metadata"].get("labels", {}).get(COMPONENT, ""))


def _deployments(things: Iterable[Thing], component: str) -> list[Thing]:
    return [one for one in things if one["kind"] == "Deployment" and _component(one) == component]


def _faults_of_beat(things: Sequence[Thing]) -> Iterator[str]:
    beats = _deployments(things, "beat")
    if [one["spec"].get("replicas") for one in beats] != [1]:
        yield "beat: there must be exactly one, or tasks of the schedule come twice"
    if any(one["spec"].get("strategy") != {"type": "Recreate"} for one in beats):
        yield "beat: while it is changed there would be two"


def _faults_of_web(things: Sequence[Thing]) -> Iterator[str]:
    webs = _deployments(things, "web")
    if len(webs) != 1:
        yield "web: there must be exactly one deployment of the portal"
        return
    web = webs[0]
    (container,) = web["spec"]["template"]["spec"]["containers"]
    for probe, path in (("livenessProbe", "/health/live"), ("readinessProbe", "/health/ready")):
        asked = container.get(probe, {}).get("httpGet", {})
        names = [header["name"] for header in asked.get("httpHeaders", [])]
        if asked.get("path") != path or names != ["Host"]:
            yield f"probes: the portal's {probe} does not ask {path} under the portal's name"
    scaled = [one for one in things if one["kind"] == "HorizontalPodAutoscaler"]
    fewest = scaled[0]["spec"]["minReplicas"] if scaled else web["spec"].get("replicas", 1)
    if fewest < 2:
        yield "web: one copy cannot be changed without stopping"
    if scaled and "replicas" in web["spec"]:
        yield "web: the autoscaler and the chart would pull in two directions"


def _faults_of_migrations(things: Sequence[Thing]) -> Iterator[str]:
    weights = []
    for step in MIGRATIONS:
        jobs = [
            one
            for one in things
            if one["kind"] == "Job" and one["metadata"]["name"].endswith(f"-{step}")
        ]
        if len(jobs) != 1:
            yield f"migrations: there must be one job {step}"
            return
        notes = jobs[0]["metadata"].get("annotations", {})
        if set(notes.get("helm.sh/hook", "").split(",")) != {"pre-install", "pre-upgrade"}:
            yield f"migrations: {step} does not run before the new code comes"
        weights.append(int(notes.get("helm.sh/hook-weight", 0)))
    if weights != sorted(set(weights)):
        yield "migrations: the order is not public, roles, schools"


Named = tuple[str, str, Thing]


def _faults_of_networks(things: Sequence[Thing], pods: Sequence[Named]) -> Iterator[str]:
    policies = [one for one in things if one["kind"] == "NetworkPolicy"]
    denies = [one for one in policies if not {"ingress", "egress"} & one["spec"].keys()]
    for name, kind, pod in pods:
        chosen = [one for one in policies if _chooses(one["spec"]["podSelector"], pod)]
        # A hook runs before the release's policies are there: its own must be a hook, too.
        closed = [one for one in chosen if kind == "Job" and "annotations" in one["metadata"]]
        closed += [one for one in denies if one in chosen and kind != "Job"]
        if not any(set(one["spec"]["policyTypes"]) == {"Ingress", "Egress"} for one in closed):
            yield f"network: {name}: nothing closes it by default"
        for policy in chosen:
            yield from _faults_of_policy(policy, name, pod)


def _faults_of_policy(policy: Thing, name: str, pod: Thing) -> Iterator[str]:
    component = pod["metadata"]["labels"].get(COMPONENT)
    for rule in policy["spec"].get("egress", []):
        if not rule.get("ports") or (not rule.get("to") and component != "egress"):
            yield f"network: {name}: is let out to anybody"
    for rule in policy["spec"].get("ingress", []):
        if not rule.get("from") or not rule.get("ports"):
            yield f"network: {name}: anybody is let in"
    peers = [
        peer
        for way, key in (("egress", "to"), ("ingress", "from"))
        for rule in policy["spec"].get(way, [])
        for peer in rule.get(key, [])
    ]
    if any(not peer or peer.get("ipBlock", {}).get("cidr") in EVERYWHERE for peer in peers):
        yield f"network: {name}: a rule means the whole world"


def _chooses(selector: Thing, pod: Thing) -> bool:
    labels = pod["metadata"].get("labels", {})
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for expression in selector.get("matchExpressions", []):
        is_in = labels.get(expression["key"]) in expression["values"]
        if is_in != (expression["operator"] == "In"):
            return False
    return True


def _faults_of_selectors(things: Sequence[Thing], pods: Sequence[Named]) -> Iterator[str]:
    for one in things:
        if one["kind"] == "Service":
            selector = {"matchLabels": one["spec"]["selector"]}
        elif one["kind"] == "PodDisruptionBudget":
            selector = one["spec"]["selector"]
        else:
            continue
        if not any(_chooses(selector, pod) for _, _, pod in pods):
            yield f"selector: {name_of(one)}: chooses no pod"
    guarded = {_component(one) for one in things if one["kind"] == "PodDisruptionBudget"}
    for one in things:
        needs_one = one["kind"] == "Deployment" and _component(one).startswith(("web", "worker"))
        if needs_one and _component(one) not in guarded:
            yield f"budget: {name_of(one)}: a drained machine may take all copies at once"

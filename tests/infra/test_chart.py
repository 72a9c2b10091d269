"""What the chart renders: our rules hold, and each of them, broken on purpose, is noticed."""

import copy
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.checks.kubernetes import faults

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/okrug"
NAMES = ["values-district.yaml", "values-small.yaml"]
REGIONS = ["ru-region-1", "ru-region-2"]

Thing = dict[str, Any]


@pytest.fixture
def things(rendered: dict[str, Any]) -> list[Thing]:
    return copy.deepcopy(rendered["charts"]["values-district.yaml"])


def one(things: list[Thing], name: str) -> Thing:
    kind, _, name = name.partition("/")
    (found,) = (
        thing for thing in things if thing["kind"] == kind and thing["metadata"]["name"] == name
    )
    return found


def pod(things: list[Thing], name: str) -> Thing:
    spec = one(things, name)["spec"]
    spec = spec["jobTemplate"]["spec"] if name.startswith("CronJob") else spec
    found: Thing = spec["template"]["spec"]
    return found


def container(things: list[Thing], name: str) -> Thing:
    found: Thing = pod(things, name)["containers"][0]
    return found


@pytest.mark.requirement("NFR-014", part=True)
@pytest.mark.parametrize("name", NAMES)
def test_rendered_chart_keeps_our_rules(rendered: dict[str, Any], name: str) -> None:
    regions = yaml.safe_load((CHART / name).read_text(encoding="utf-8"))["regions"]

    assert list(rendered["charts"]) == NAMES
    assert faults(rendered["charts"][name], regions) == []


WEB = "Deployment/okrug-web"
BEAT = "Deployment/okrug-beat"
JOB = "Job/okrug-migrate-public"
COPIES = "CronJob/okrug-backup-due"
PLAIN = {"name": "SECRET_KEY", "value": "plain"}
HOST_PATH = {"name": "disk", "hostPath": {"path": "/"}}
SHARED = {"name": "X", "valueFrom": {"secretKeyRef": {"name": "a", "key": "DATABASE_ADMIN_URL"}}}
ADD = {"drop": ["ALL"], "add": ["NET_ADMIN"]}


def terms(things: list[Thing], name: str) -> list[Thing]:
    affinity = pod(things, name)["affinity"]["nodeAffinity"]
    found: list[Thing] = affinity["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    return found


def without(things: list[Thing], name: str) -> None:
    things.remove(one(things, name))


def policy(things: list[Thing], name: str) -> Thing:
    found: Thing = one(things, f"NetworkPolicy/okrug-{name}")["spec"]
    return found


BREAKS: list[tuple[str, str, Callable[[list[Thing]], Any]]] = [
    ("root", "the pod may be root", lambda o: pod(o, WEB)["securityContext"].pop("runAsNonRoot")),
    ("root", "number nought", lambda o: pod(o, BEAT)["securityContext"].update(runAsUser=0)),
    ("seccomp", "no profile", lambda o: pod(o, WEB)["securityContext"].pop("seccompProfile")),
    ("token", "of a pod", lambda o: pod(o, JOB).update(automountServiceAccountToken=True)),
    (
        "token",
        "of the account",
        lambda o: one(o, "ServiceAccount/okrug").pop("automountServiceAccountToken"),
    ),
    ("host", "network", lambda o: pod(o, WEB).update(hostNetwork=True)),
    ("host", "disk", lambda o: pod(o, COPIES)["volumes"].append(HOST_PATH)),
    ("regions", "anywhere", lambda o: pod(o, WEB).pop("affinity")),
    (
        "regions",
        "abroad",
        lambda o: terms(o, BEAT)[0]["matchExpressions"][0]["values"].append("abroad"),
    ),
    ("regions", "or anywhere", lambda o: terms(o, COPIES).append({"matchExpressions": []})),
    ("spread", "one machine", lambda o: pod(o, WEB).pop("topologySpreadConstraints")),
    ("digest", "by a tag", lambda o: container(o, WEB).update(image="okrug/okrug:1.0")),
    ("digest", "latest", lambda o: container(o, "Deployment/okrug-egress").update(image="squid")),
    (
        "readonly",
        "a writable root",
        lambda o: container(o, WEB)["securityContext"].pop("readOnlyRootFilesystem"),
    ),
    (
        "privileges",
        "escalation",
        lambda o: container(o, JOB)["securityContext"].pop("allowPrivilegeEscalation"),
    ),
    (
        "privileges",
        "a capability",
        lambda o: container(o, WEB)["securityContext"].update(capabilities=ADD),
    ),
    ("limits", "none", lambda o: container(o, WEB).pop("resources")),
    ("limits", "of memory", lambda o: container(o, COPIES)["resources"]["limits"].pop("memory")),
    (
        "limits",
        "of what runs first",
        lambda o: pod(o, COPIES)["initContainers"][0].pop("resources"),
    ),
    ("probes", "nobody looks", lambda o: container(o, BEAT).pop("livenessProbe")),
    (
        "probes",
        "readiness is not asked",
        lambda o: container(o, WEB)["readinessProbe"]["httpGet"].update(path="/health/live"),
    ),
    (
        "probes",
        "under the address of the pod",
        lambda o: container(o, WEB)["livenessProbe"]["httpGet"].pop("httpHeaders"),
    ),
    ("secrets", "in the environment", lambda o: container(o, WEB)["env"].append(PLAIN)),
    (
        "secrets",
        "in a ConfigMap",
        lambda o: one(o, "ConfigMap/okrug")["data"].update(OKRUG_SMTP_PASSWORD="plain"),
    ),
    (
        "secrets",
        "a Secret in the chart",
        lambda o: o.append({"kind": "Secret", "metadata": {"name": "okrug"}, "data": {"A": "B"}}),
    ),
    ("admin", "the portal as migrator", lambda o: container(o, WEB)["env"].append(SHARED)),
    ("tls", "no certificate", lambda o: one(o, "Ingress/okrug-web")["spec"].pop("tls")),
    ("beat", "two", lambda o: one(o, BEAT)["spec"].update(replicas=2)),
    ("beat", "none", lambda o: without(o, BEAT)),
    ("beat", "two for a while", lambda o: one(o, BEAT)["spec"].pop("strategy")),
    (
        "web",
        "one copy",
        lambda o: one(o, "HorizontalPodAutoscaler/okrug-web")["spec"].update(minReplicas=1),
    ),
    ("web", "two masters", lambda o: one(o, WEB)["spec"].update(replicas=3)),
    ("migrations", "a step is missing", lambda o: without(o, "Job/okrug-sync-roles")),
    (
        "migrations",
        "schools first",
        lambda o: one(o, "Job/okrug-migrate-schools")["metadata"]["annotations"].update(
            {"helm.sh/hook-weight": "-15"}
        ),
    ),
    (
        "migrations",
        "after the new code",
        lambda o: one(o, JOB)["metadata"]["annotations"].update({"helm.sh/hook": "post-upgrade"}),
    ),
    ("network", "open by default", lambda o: without(o, "NetworkPolicy/okrug-deny")),
    ("network", "jobs open", lambda o: without(o, "NetworkPolicy/okrug-jobs")),
    (
        "network",
        "jobs open on the first install",
        lambda o: one(o, "NetworkPolicy/okrug-jobs")["metadata"].pop("annotations"),
    ),
    ("network", "only in is closed", lambda o: policy(o, "deny").update(policyTypes=["Ingress"])),
    ("network", "out to anybody", lambda o: policy(o, "product")["egress"].append({})),
    (
        "network",
        "out to the whole world",
        lambda o: policy(o, "product")["egress"][1]["to"][0]["ipBlock"].update(cidr="0.0.0.0/0"),
    ),
    ("network", "in from anybody", lambda o: policy(o, "web")["ingress"][0].pop("from")),
    ("network", "in from every pod", lambda o: policy(o, "web")["ingress"][0]["from"].append({})),
    (
        "selector",
        "a service of nobody",
        lambda o: one(o, "Service/okrug-web")["spec"]["selector"].update(a="b"),
    ),
    (
        "budget",
        "all may be drained",
        lambda o: without(o, "PodDisruptionBudget/okrug-web"),
    ),
]


@pytest.mark.parametrize(
    ("rule", "spoil"), [pytest.param(r, s, id=f"{r}: {what}") for r, what, s in BREAKS]
)
def test_broken_rule_is_noticed(
    things: list[Thing], rule: str, spoil: Callable[[list[Thing]], Any]
) -> None:
    spoil(things)

    assert {fault.split(":")[0] for fault in faults(things, REGIONS)} == {rule}


def test_every_rule_is_broken_once() -> None:
    source = (ROOT / "infra/checks/kubernetes.py").read_text(encoding="utf-8")
    assert {rule for rule, _, _ in BREAKS} == set(re.findall(r'yield f?"(\w+)[":]', source))


@pytest.mark.requirement("PDP-002", part=True)
def test_no_region_is_named_no_pod_may_run(things: list[Thing]) -> None:
    assert {fault.split(":")[0] for fault in faults(things, [])} == {"regions"}


@pytest.mark.requirement("PDP-002", part=True)
def test_the_product_is_let_out_to_its_neighbours_and_the_egress_proxy_only(
    things: list[Thing],
) -> None:
    rules = policy(things, "product")["egress"]

    assert [(list(rule["to"][0]), [port["port"] for port in rule["ports"]]) for rule in rules] == [
        (["namespaceSelector"], [53, 53]),  # names of the cluster
        (["ipBlock"], [6432]),  # the database
        (["ipBlock"], [6380]),  # the broker
        (["podSelector"], [3128]),  # the egress proxy
        (["podSelector"], [8000]),  # the portal, for its own visitor
        (["ipBlock"], [587]),  # the town's mail server
    ]
    assert [rule["ports"] for rule in policy(things, "egress")["egress"][1:]] == [
        [{"protocol": "TCP", "port": 443}]
    ]


def test_product_hears_of_the_proxy_and_of_the_same_list(things: list[Thing]) -> None:
    data = one(things, "ConfigMap/okrug")["data"]

    assert data["OKRUG_EGRESS_PROXY"] == "http://okrug-egress:3128"
    assert data["OKRUG_ALLOWED_OUT"] == "esia.gosuslugi.ru:443,mail.okrug.example:587"
    assert one(things, "ConfigMap/okrug-egress")["data"]["egress.list"] == "esia.gosuslugi.ru:443\n"
    assert one(things, "ConfigMap/okrug-jobs")["data"] == data


TRIES = """
import json, sys
from infra.checks import charts
for values in json.load(sys.stdin):
    try:
        things = charts.render(values)
    except Exception as error:
        print(" ".join(str(error).split()))
    else:
        things[-1]["spec"] |= {"misspelt": 1}
        print(*charts.validate(things))
"""
HARM: list[tuple[Thing, str]] = [
    ({}, "'misspelt' was unexpected"),
    ({"image": {"digest": ""}}, "image: впишите digest"),
    ({"image": {"digest": "sha256:abc"}}, "digest имеет вид"),
    ({"regions": []}, "назовите регионы"),
    ({"allowedHosts": []}, "назовите имена портала"),
    ({"settings": {"SECRET_KEY": "abc"}}, "секрету место в Secret"),
    ({"residency": {"manifest": ""}}, "передайте манифест"),
    ({"database": {"cidr": ""}}, "назовите сеть базы данных"),
    ({"mail": {"cidr": ""}}, "назовите адрес почтового сервера"),
]


@pytest.mark.usefixtures("rendered")
def test_values_that_would_do_harm_are_refused_with_a_sentence() -> None:
    values = yaml.safe_load((CHART / "values-small.yaml").read_text(encoding="utf-8"))
    harmful = [
        {**values, key: {**values.get(key, {}), **new} if isinstance(new, dict) else new}
        for change, _ in HARM
        for key, new in (change or {"url": values["url"]}).items()
    ]

    done = subprocess.run(
        [".venv-infra/bin/python", "-c", TRIES],
        cwd=ROOT,
        input=json.dumps(harmful),
        capture_output=True,
        text=True,
        check=True,
    )

    answers = done.stdout.splitlines()
    assert [words in answer for (_, words), answer in zip(HARM, answers, strict=True)] == (
        [True] * len(HARM)
    ), answers

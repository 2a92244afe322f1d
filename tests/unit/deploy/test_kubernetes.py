"""The Kubernetes files: valid for every version that is about, rendered by kustomize, and true to the code."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from storyline.settings import Settings
from storyline_schemas.topics import STORY_COMMANDS
from tests.tools import missing, npm

from .commands import runnable, services
from .shared import DEPLOY, documents

KUBERNETES = DEPLOY / "kubernetes"
VERSIONS = ("1.31", "1.34", "1.37")
LAYERS = ("base", "keda")
SECRET = {"STORYLINE_REDIS_URL": "redis://:x@redis:6379/0", "STORYLINE_NOTIFIER_API_TOKEN": "x"}
"""What the Secret `storyline` must have; it isn't in the files."""
HEALTH = {"notifier": ("/health", "/health")}
"""Services that aren't asked at /live and /ready, and where they are."""
Resource = dict[str, Any]


def rendered(layer: str, tmp_path: Path) -> list[Resource]:
    """What `kubectl apply --kustomize` would send."""
    if shutil.which("kubectl") is None:
        missing("kubectl is not installed; it renders the Kubernetes files")
    command = ["kubectl", "kustomize", str(KUBERNETES / layer)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    out = tmp_path / "rendered.yaml"
    out.write_text(done.stdout)
    return documents(out)


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Resource]]:
    return {layer: rendered(layer, tmp_path_factory.mktemp(layer)) for layer in LAYERS}


@pytest.fixture(scope="module")
def base(layers: dict[str, list[Resource]]) -> list[Resource]:
    return layers["base"]


def of(resources: list[Resource], *kinds: str) -> list[Resource]:
    return [each for each in resources if each["kind"] in kinds]


def pods(resources: list[Resource]) -> dict[str, Resource]:
    """Every pod that would run, by the name of what makes it: labels and spec."""
    makers = of(resources, "Deployment", "StatefulSet", "Job")
    return {each["metadata"]["name"]: each["spec"]["template"] for each in makers}


def containers(resources: list[Resource]) -> dict[str, Resource]:
    """The only container of each pod."""
    found = {}
    for name, pod in pods(resources).items():
        (found[name],) = pod["spec"]["containers"]
    return found


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_file_fits_the_schemas_of_kubernetes(layers: dict[str, list[Resource]], layer: str, version: str) -> None:
    try:
        import kubernetes_validate
    except ModuleNotFoundError:
        missing("kubernetes-validate is not installed (`make test` installs the extra `checks`)")
    own = [each for each in layers[layer] if each["apiVersion"] != "keda.sh/v1alpha1"]
    assert own
    for each in own:
        assert kubernetes_validate.validate(each, version, strict=True) == version


@pytest.mark.timeout(360)
def test_what_keda_reads_fits_kedas_schema(layers: dict[str, list[Resource]]) -> None:
    folder = npm("deploy", "check-keda.mjs")
    (scaled,) = of(layers["keda"], "ScaledObject")
    command = ["node", "check-keda.mjs"]
    done = subprocess.run(command, cwd=folder, input=json.dumps(scaled), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_file_is_forgotten_by_its_kustomization() -> None:
    for layer in LAYERS:
        (kustomization,) = documents(KUBERNETES / layer / "kustomization.yaml")
        files = {path.name for path in (KUBERNETES / layer).glob("*.yaml")} - {"kustomization.yaml"}
        assert files == {name for name in kustomization["resources"] if name.endswith(".yaml")}


def test_there_is_one_set_of_pods_for_each_service_under_its_own_name(base: list[Resource]) -> None:
    runs = {name: each["args"] for name, each in containers(base).items()}
    assert runs == {name: ["run", name] for name in services() - {"ingest"}} | {"topics": ["topics", "create"]}


def test_every_command_exists(base: list[Resource]) -> None:
    assert all(runnable(each["args"]) for each in containers(base).values())


def settings_of(resources: list[Resource]) -> Resource:
    """The ConfigMap that every service is given."""
    (found,) = [each for each in of(resources, "ConfigMap") if each["metadata"]["name"] == "storyline"]
    return found


def test_every_setting_exists_and_is_taken(base: list[Resource]) -> None:
    shared = settings_of(base)
    for each in containers(base).values():
        own = {item["name"]: item.get("value", "matcher-0") for item in each.get("env", [])}
        Settings.load({**shared["data"], **SECRET, **own})


def test_no_secret_lies_in_the_files(base: list[Resource]) -> None:
    assert not of(base, "Secret")


def test_no_container_has_a_right_it_doesnt_need(base: list[Resource]) -> None:
    for name, pod in pods(base).items():
        whole, own = pod["spec"]["securityContext"], containers(base)[name]["securityContext"]
        assert whole["runAsNonRoot"] and whole["runAsUser"] > 0
        assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
        assert own == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert pod["spec"]["automountServiceAccountToken"] is False


def test_every_container_has_bounds_and_a_temporary_folder(base: list[Resource]) -> None:
    for each in containers(base).values():
        assert each["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in each["resources"]["limits"]
        assert {"name": "tmp", "mountPath": "/tmp"} in each["volumeMounts"]


def test_every_service_is_asked_whether_it_started_lives_and_is_ready(base: list[Resource]) -> None:
    for name, each in containers(base).items():
        if name == "topics":
            continue
        paths = {probe: each[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
        live, ready = HEALTH.get(name, ("/live", "/ready"))
        assert paths == {"startupProbe": live, "livenessProbe": live, "readinessProbe": ready}, name
        ports = {port["name"] for port in each["ports"]}
        assert {each[probe]["httpGet"]["port"] for probe in paths} <= ports, name


def test_metrics_are_asked_for_where_the_settings_have_them(base: list[Resource]) -> None:
    shared = settings_of(base)["data"]
    for name, each in containers(base).items():
        if name != "topics":
            own = {item["name"]: item.get("value") for item in each["env"]}
            port = own.get("STORYLINE_LAG_PORT", shared["STORYLINE_METRICS_PORT"])
            assert {"name": "metrics", "containerPort": int(port)} in each["ports"]
            assert pods(base)[name]["metadata"]["annotations"]["prometheus.io/port"] == port


def test_every_service_that_runs_there_is_asked_for_its_metrics(base: list[Resource]) -> None:
    asked = {
        name
        for name, pod in pods(base).items()
        if pod["metadata"].get("annotations", {}).get("prometheus.io/scrape") == "true"
    }
    assert asked == pods(base).keys() - {"topics"}


def test_the_subscriptions_are_those_of_the_compose_file(base: list[Resource]) -> None:
    (made,) = [each for each in of(base, "ConfigMap") if each["metadata"]["name"] == "subscriptions"]
    given = tomllib.loads((DEPLOY / "compose" / "subscriptions.toml").read_text())
    assert tomllib.loads(made["data"]["subscriptions.toml"]) == given


def test_every_selector_finds_the_pods_it_means(base: list[Resource]) -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(base).items()}
    for each in of(base, "Service"):
        found = {name for name, has in labels.items() if each["spec"]["selector"].items() <= has.items()}
        assert found == {each["metadata"]["name"]}
    for each in of(base, "PodDisruptionBudget", "Deployment", "StatefulSet"):
        wanted = each["spec"]["selector"]["matchLabels"].items()
        assert {name for name, has in labels.items() if wanted <= has.items()} == {each["metadata"]["name"]}
    for each in of(base, "NetworkPolicy"):
        wanted = each["spec"]["podSelector"].get("matchLabels", {}).items()
        assert any(wanted <= has.items() for has in labels.values())


def test_every_service_with_more_than_one_pod_may_lose_one_at_a_time(base: list[Resource]) -> None:
    budgets = {each["metadata"]["name"]: each["spec"] for each in of(base, "PodDisruptionBudget")}
    several = {
        each["metadata"]["name"] for each in of(base, "Deployment", "StatefulSet") if each["spec"]["replicas"] > 1
    }
    assert budgets.keys() == several
    assert all(budget["maxUnavailable"] == 1 for budget in budgets.values())


def test_everything_is_shut_before_something_is_opened(base: list[Resource]) -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in of(base, "NetworkPolicy")}
    assert policies["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def opened(resources: list[Resource], labels: Resource, way: str) -> set[int]:
    """Ports that are open to (`ingress`) or for (`egress`) a pod with these labels, wherever the other end is."""
    meant = [
        each["spec"]
        for each in of(resources, "NetworkPolicy")
        if each["spec"]["podSelector"].get("matchLabels", {}).items() <= labels.items()
    ]
    return {port["port"] for spec in meant for rule in spec.get(way, []) for port in rule["ports"]}


def test_every_port_that_a_pod_listens_on_is_open_to_somebody(base: list[Resource]) -> None:
    for name, container in containers(base).items():
        listens = {port["containerPort"] for port in container.get("ports", [])}
        assert opened(base, pods(base)[name]["metadata"]["labels"], "ingress") >= listens, name


def test_every_server_that_the_settings_may_name_can_be_called_at_its_usual_port(base: list[Resource]) -> None:
    kafka, redis, sentinel, collector = {9092, 9093}, {6379}, {26379}, {4318}
    for name, pod in pods(base).items():
        found = opened(base, pod["metadata"]["labels"], "egress")
        assert found >= kafka | redis | sentinel | collector, name


def test_each_member_of_a_group_has_a_name_of_its_own_that_stays(base: list[Resource]) -> None:
    for name in ("matcher", "updater"):
        (made,) = [each for each in of(base, "StatefulSet") if each["metadata"]["name"] == name]
        (container,) = made["spec"]["template"]["spec"]["containers"]
        (instance,) = [each for each in container["env"] if each["name"] == "STORYLINE_INSTANCE"]
        assert instance["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}


def test_only_the_updater_is_scaled_and_by_the_lag_of_its_own_group(layers: dict[str, list[Resource]]) -> None:
    (scaled,) = of(layers["keda"], "ScaledObject")
    assert scaled["spec"]["scaleTargetRef"]["name"] == "updater"
    (trigger,) = scaled["spec"]["triggers"]
    shared = settings_of(layers["keda"])
    assert trigger["metadata"]["topic"] == STORY_COMMANDS.name
    assert trigger["metadata"]["consumerGroup"] == "storyline.updater"
    assert trigger["metadata"]["bootstrapServers"] == shared["data"]["STORYLINE_KAFKA_BOOTSTRAP_SERVERS"]


def test_it_is_not_scaled_past_the_partitions_there_are(layers: dict[str, list[Resource]]) -> None:
    (scaled,) = of(layers["keda"], "ScaledObject")
    shared = settings_of(layers["keda"])
    settings = Settings.load({**shared["data"], **SECRET})
    assert scaled["spec"]["maxReplicaCount"] == settings.stories_partitions


def test_what_keda_scales_has_no_number_of_its_own_that_another_apply_would_bring_back(
    layers: dict[str, list[Resource]],
) -> None:
    (made,) = [each for each in of(layers["keda"], "StatefulSet") if each["metadata"]["name"] == "updater"]
    assert "replicas" not in made["spec"]

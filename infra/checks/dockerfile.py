"""Our rules for a Dockerfile, read without an engine: pinned, non-root, repeatable, no secrets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SECRET_NAME = re.compile(r"SECRET|KEY|PASSWORD|TOKEN", re.IGNORECASE)
BUILT_WITH = ("PIP_CONSTRAINT=", "PIP_BUILD_CONSTRAINT=")  # older and newer versions of pip
PIP_INSTALL = re.compile(r"\bpip\b.*\binstall\b")
PINNED = re.compile(r"@(\$\{\w*DIGEST\}|sha256:[0-9a-f]{64})$")


@dataclass(frozen=True)
class Instruction:
    """One instruction with its continuation lines joined, e.g. `RUN` and its words."""

    word: str
    rest: str


def read(text: str) -> list[Instruction]:
    """Return the instructions of a Dockerfile, comments dropped."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [Instruction(word.upper(), rest.strip()) for word, rest in found]


def faults(text: str) -> list[str]:
    """Return what is against our rules, a sentence each; nothing when all is well."""
    instructions = read(text)
    stages = _stages(instructions)
    return [
        *_faults_of_bases(instructions),
        *_faults_of_steps(instructions),
        *_faults_of_reproducibility(stages),
        *_faults_of_the_last_stage(stages[-1] if stages else []),
    ]


def _stages(instructions: list[Instruction]) -> list[list[Instruction]]:
    stages: list[list[Instruction]] = []
    for one in instructions:
        if one.word == "FROM":
            stages.append([])
        if stages:
            stages[-1].append(one)
    return stages


def _faults_of_bases(instructions: list[Instruction]) -> Iterator[str]:
    named: set[str] = set()
    for one in instructions:
        if one.word != "FROM":
            continue
        image, *name = re.split(r"\s+AS\s+", one.rest, flags=re.IGNORECASE)
        if image not in named and not PINNED.search(image):
            yield f"base: {image} is not pinned by its digest"
        named.update(name)
    for one in instructions:
        if one.word in {"FROM", "ARG"} and ":latest" in one.rest:
            yield f"base: {one.rest} follows whatever is latest"


def _faults_of_steps(instructions: list[Instruction]) -> Iterator[str]:
    for one in instructions:
        if one.word == "ADD":
            yield "add: ADD fetches and unpacks; COPY what lies here"
        if one.word in {"ARG", "ENV"} and SECRET_NAME.search(_names(one.rest)):
            yield f"secret: {one.word} {one.rest.split('=')[0]} would stay in the image"
        if one.word != "RUN":
            continue
        if re.search(r"\b(curl|wget)\b", one.rest):
            yield "fetch: RUN fetches what no lock file names"
        if PIP_INSTALL.search(one.rest) and not (
            "--require-hashes" in one.rest and "--no-deps" in one.rest
        ):
            yield "pip: packages are installed without --require-hashes --no-deps"


def _names(rest: str) -> str:
    return " ".join(re.findall(r"(\w+)(?==|$)", rest))


def _faults_of_reproducibility(stages: list[list[Instruction]]) -> Iterator[str]:
    for stage in stages:
        if not any(one.word == "ARG" and one.rest == "SOURCE_DATE_EPOCH" for one in stage):
            yield f"epoch: the stage {stage[0].rest} does not take SOURCE_DATE_EPOCH"
        installs = any(one.word == "RUN" and PIP_INSTALL.search(one.rest) for one in stage)
        settings = " ".join(one.rest for one in stage if one.word == "ENV")
        if installs and not all(name in settings for name in BUILT_WITH):
            yield "build: what libraries without a wheel are built with is not pinned"


def _faults_of_the_last_stage(stage: list[Instruction]) -> Iterator[str]:
    last = {one.word: one.rest for one in stage}
    if not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", last.get("USER", "")):
        yield "user: the last USER is not a number above 0"
    if not last.get("ENTRYPOINT", "").startswith("["):
        yield "entrypoint: not in the exec form, so it would not hear SIGTERM"
    if "HEALTHCHECK" not in last:
        yield "health: there is no HEALTHCHECK"

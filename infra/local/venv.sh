#!/bin/sh
# Make .venv hold what a lock file names, and both source roots. Does nothing when it already does.
# `infra`: the heavy checkers of charts and compose files, in .venv-infra, apart from the product.
# Usage: venv.sh run|dev|infra
set -eu
cd "$(dirname "$0")/../.."

case "${1:-}" in
    run) venv=.venv lock=requirements.lock ;;
    dev) venv=.venv lock=requirements-dev.lock ;;
    infra) venv=.venv-infra lock=requirements-infra.lock ;;
    *) echo "usage: venv.sh run|dev|infra" >&2; exit 2 ;;
esac
stamp=$venv/okrug-$1.stamp
wanted="$(sha256sum < "$lock") $(pwd -P)"

find_python() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    echo "Нужен Python 3.11 или новее: установите его или укажите путь, make PYTHON=/путь/к/python3." >&2
    exit 2
}

if [ -x $venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

if ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Нужен модуль venv: установите пакет python3-venv (apt-get install python3-venv)." >&2
        exit 2
    fi
    echo "Создаю окружение $venv…"
    "$python" -m venv --clear $venv
fi

echo "Устанавливаю библиотеки из $lock (один раз, около минуты)…"
PIP_CONSTRAINT=requirements-build.txt PIP_BUILD_CONSTRAINT=requirements-build.txt \
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --no-deps --require-hashes -r "$lock" || {
    echo "Библиотеки не установились: проверьте доступ к репозиторию пакетов Python и повторите." >&2
    exit 2
}

# Both source roots, without building or installing the project itself.
packages=$($venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n%s\n' "$(pwd -P)" "$(pwd -P)/platform" > "$packages/okrug.pth"

printf '%s\n' "$wanted" > "$stamp"

#!/bin/sh
# okrugctl: of an unpacked bundle (then by the machine's python3) or of an installed release.
here=$(dirname "$(readlink -f "$0")")
if [ -x "$here/bin/python" ]; then
    exec "$here/bin/python" -m infra.ctl "$@"
fi
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        # No compiled files: whatever is not in SHA256SUMS is foreign.
        export PYTHONPATH="$here/tools" PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1
        exec "$python" -m infra.ctl "$@"
    fi
done
echo "Нужен Python 3.11 или новее: установите его или укажите путь, PYTHON=/путь/к/python3 $0 …" >&2
exit 2

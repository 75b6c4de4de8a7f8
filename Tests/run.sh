#!/usr/bin/env bash
# Everything that can be checked, as `make test` and the continuous integration run it.
#
# Installs what is missing of the Debian packages below, and the packages of Tests/Integration/requirements.txt from PyPI
# into .build-venv. With arguments, only those tests of Tests/Integration run (pytest's own arguments).
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

install_missing() {
    local missing=()
    for package in libsqlite3-dev zlib1g-dev pkg-config prometheus prometheus-pushgateway collectd-core netdata-core \
        influxdb graphite-carbon clickhouse-server zookeeper golang-go golang-github-circonus-labs-circonusllhist-dev golang-github-go-kit-log-dev \
        golang-github-go-logfmt-logfmt-dev golang-github-rs-zerolog-dev golang-go.uber-zap-dev \
        golang-github-sirupsen-logrus-dev golang-github-openzipkin-zipkin-go-dev golang-github-go-kit-kit-dev \
        golang-opentelemetry-otel-dev golang-google-grpc-dev chromium chromium-driver nginx-light curl python3-venv procps; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    step "Installing ${missing[*]}"
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    # The tests start servers of their own, so the packages' services stay off.
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=400 install -q -y --no-install-recommends "${missing[@]}"
}

install_missing

step "Format"
swift format lint --strict --recursive Package.swift Sources collector docs Tests

if [ $# -eq 0 ]; then
    step "Swift tests"
    swift build --build-tests
    swift test --skip-build --no-parallel  # many measure time, which others must not take from them
fi

step "Release build"
for product in wingbeat StringsvcBack StringsvcFront ExporterProbe LogProbe TraceProbe CodecProbe ReporterProbe StoreProbe; do
    swift build -c release --product "$product"
done

step "Python environment"
[ -x .build-venv/bin/pytest ] || python3 -m venv .build-venv
.build-venv/bin/pip install -q --disable-pip-version-check -r Tests/Integration/requirements.txt

step "Integration tests"
cd Tests/Integration
exec ../../.build-venv/bin/pytest -p no:cacheprovider -q --durations=8 "$@"

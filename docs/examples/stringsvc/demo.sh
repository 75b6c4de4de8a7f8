#!/usr/bin/env bash
# Starts the collector, both string services, a Prometheus that scrapes them, and a trickle of traffic.
# Ends with Ctrl-C, or by itself after DEMO_SECONDS; nothing is left running and nothing is kept.
#
# Ports, where the usual ones are taken: DEMO_COLLECTOR_PORT, DEMO_FRONT_PORT, DEMO_BACK_PORT, DEMO_PROMETHEUS_PORT.
set -euo pipefail
cd "$(dirname "$0")/../../.."

collector_port=${DEMO_COLLECTOR_PORT:-9411}
front_port=${DEMO_FRONT_PORT:-8080}
back_port=${DEMO_BACK_PORT:-8081}
prometheus_port=${DEMO_PROMETHEUS_PORT:-9090}
seconds=${DEMO_SECONDS:-0}
case $seconds in *[!0-9]* | '') echo "DEMO_SECONDS=$seconds is not a whole number of seconds" >&2; exit 64 ;; esac

say() { printf '%s\n' "$*"; }

install_missing() {
    local missing=()
    command -v prometheus >/dev/null || missing+=(prometheus)
    command -v curl >/dev/null || missing+=(curl)
    for package in libsqlite3-dev zlib1g-dev pkg-config; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]} …"
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    # The demo starts its own Prometheus, so the package's service stays off.
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=400 install -q -y --no-install-recommends "${missing[@]}"
}

build() {
    command -v swift >/dev/null || { say "Swift 6.2 or newer is needed: https://www.swift.org/install" >&2; exit 69; }
    say "Building (the first time takes some minutes) …"
    for product in wingbeat StringsvcBack StringsvcFront; do
        swift build -c release --product "$product"
    done
    bin=$(swift build -c release --show-bin-path)
}

pids=()
folder=
stop() {
    trap - EXIT INT TERM
    say "Stopping …"
    # Services first, so that their last spans find the collector.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill "${pids[i]}" 2>/dev/null && wait "${pids[i]}" 2>/dev/null || true
    done
    [ -z "$folder" ] || rm -rf "$folder"
}

# start NAME COMMAND …: runs it in the background with its output in a log.
start() {
    local name=$1
    shift
    "$@" >"$folder/$name.log" 2>&1 &
    pids+=($!)
    last=$name
}

# ready URL: waits until it answers, and says why when it does not.
ready() {
    for _ in $(seq 150); do
        curl -fsS -o /dev/null "$1" 2>/dev/null && return
        kill -0 "${pids[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    say "$last does not start:" >&2
    cat "$folder/$last.log" >&2
    exit 1
}

prometheus_configuration() {
    cat <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: stringsvc-front
    static_configs: [{targets: ['127.0.0.1:$front_port']}]
  - job_name: stringsvc-back
    static_configs: [{targets: ['127.0.0.1:$back_port']}]
  - job_name: collector
    static_configs: [{targets: ['127.0.0.1:$collector_port']}]
YAML
}

post() { curl -s -o /dev/null -m 5 -d "$2" "http://127.0.0.1:$front_port/$1" || true; }

# A few requests a second; some are business errors, some meet a back end that fails.
traffic() {
    while true; do
        post uppercase '{"s":"hello"}'
        post uppercase '{"s":"observability is not an afterthought"}'
        post count '{"s":"hello"}'
        sleep 0.7
        post uppercase '{"s":""}'
        post count '{"s":42}'
        sleep 0.7
    done
}

install_missing
build
folder=$(mktemp -d)
trap stop EXIT
trap 'exit 0' INT TERM

start collector "$bin/wingbeat" collector --listen "127.0.0.1:$collector_port" --data "$folder/data"
ready "http://127.0.0.1:$collector_port/health"
export OTEL_EXPORTER_ZIPKIN_ENDPOINT="http://127.0.0.1:$collector_port/api/v2/spans"
PORT=$back_port STRINGSVC_FAULTS=0.1 start stringsvc-back "$bin/StringsvcBack"
ready "http://127.0.0.1:$back_port/healthz"
PORT=$front_port BACKEND="http://127.0.0.1:$back_port" start stringsvc-front "$bin/StringsvcFront"
ready "http://127.0.0.1:$front_port/healthz"
prometheus_configuration >"$folder/prometheus.yml"
start prometheus prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/prometheus" \
    --web.listen-address="127.0.0.1:$prometheus_port"
ready "http://127.0.0.1:$prometheus_port/-/ready"
traffic &
pids+=($!)

cat <<TEXT

Open
  traces     http://127.0.0.1:$collector_port/
  metrics    http://127.0.0.1:$prometheus_port/graph?g0.expr=rate(http_server_requests_total%5B1m%5D)&g0.tab=0&g0.range_input=5m
  service    http://127.0.0.1:$front_port/metrics     curl -d '{"s":"hello"}' http://127.0.0.1:$front_port/uppercase
Logs
  $folder/stringsvc-front.log
  $folder/stringsvc-back.log

TEXT
if [ "$seconds" -gt 0 ]; then
    say "Ends in $seconds seconds, or with Ctrl-C."
    sleep "$seconds" &
else
    say "Ends with Ctrl-C."
    sleep infinity &
fi
pids+=($!)
wait $!

#!/usr/bin/env bash
# Builds the reference of the libraries as a website, docs/.site.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=()
for target in Wingbeat WingbeatHummingbird WingbeatMetrics WingbeatMetricsPrometheus WingbeatMetricsPrometheusHTTP \
    WingbeatMetricsPush WingbeatMetricsStatsD WingbeatMetricsGraphite WingbeatMetricsInfluxDB WingbeatMetricsCirconus \
    WingbeatMetricsExpvar WingbeatMetricsConsole WingbeatMetricsProcess WingbeatTesting WingbeatLogs WingbeatTraces \
    WingbeatTracesHTTP WingbeatTracesReporting WingbeatDelivery WingbeatModel WingbeatSpanCodecs WingbeatCollector; do
    targets+=(--target "$target")
done
swift package --allow-writing-to-directory docs/.site generate-documentation "${targets[@]}" \
    --enable-experimental-combined-documentation --output-path docs/.site \
    --transform-for-static-hosting
echo "Open it with: python3 -m http.server --bind 127.0.0.1 --directory docs/.site 8000"

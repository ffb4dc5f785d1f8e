#!/usr/bin/env bash
# Starts the embedded platform in the background, and waits until it answers.
set -euo pipefail
# A process group of its own: a runner that gives each step a terminal, as act does, hangs up the step's group at its end.
set -m

node emulator/cli.ts --port 4010 --project storefront --step-ms 100 --stream-cut-ms 500 \
  --store-hash "$CATALYST_STORE_HASH" --access-token "$CATALYST_ACCESS_TOKEN" \
  ${SITECORE_CLIENT_KEY:+--client-key "$SITECORE_CLIENT_KEY"} ${SITECORE_API_TOKEN:+--api-token "$SITECORE_API_TOKEN"} \
  > "$RUNNER_TEMP/emulator.log" 2>&1 &
for _ in {1..60}; do
  if curl -fsS --max-time 5 -o "$RUNNER_TEMP/state.json" "$CONTROL/state"; then exit 0; fi
  sleep 1
done
cat "$RUNNER_TEMP/emulator.log"
exit 1

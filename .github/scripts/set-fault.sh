#!/usr/bin/env bash
# Gives the embedded platform one fault, as JSON, in place of those it has: set-fault.sh '{"call": …, "effect": …}'
set -euo pipefail
curl -fsS -X DELETE "$CONTROL/faults"
curl -fsS -H 'content-type: application/json' -d "$1" "$CONTROL/faults"

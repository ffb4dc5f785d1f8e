#!/usr/bin/env bash
# pnpm and `catalyst build`, as far as workflows here use them. The build refuses to run without what the vendor's needs.
set -euo pipefail
case "$*" in
  'install --frozen-lockfile')
    test -f pnpm-lock.yaml || { echo 'pnpm: there is no pnpm-lock.yaml' >&2; exit 1; }
    ;;
  'catalyst build')
    for name in CATALYST_PROJECT_UUID BIGCOMMERCE_STORE_HASH BIGCOMMERCE_CHANNEL_ID BIGCOMMERCE_STOREFRONT_TOKEN AUTH_SECRET; do
      [ -n "${!name:-}" ] || { echo "catalyst build: $name is missing" >&2; exit 1; }
    done
    mkdir -p .bigcommerce/dist/assets
    cp worker.js .bigcommerce/dist/worker.js
    git rev-parse HEAD > .bigcommerce/dist/assets/BUILD_ID
    ;;
  *)
    echo "the stand-in for pnpm does not know: pnpm $*" >&2
    exit 1
    ;;
esac

# actions/checkout, as far as workflows here use it: one commit, detached, in the empty workspace.
set -euo pipefail
if [ -n "$REPOSITORY" ]; then echo "::error::the stand-in for actions/checkout knows no other repository: $REPOSITORY"; exit 1; fi
git init --quiet --initial-branch=main "${CHECKOUT_PATH:-.}"
cd "${CHECKOUT_PATH:-.}"
git remote add origin "file://$E2E_ORIGIN"
git fetch --quiet --depth=1 origin "$REF"
git -c advice.detachedHead=false checkout --quiet --detach FETCH_HEAD
echo "HEAD is now at $(git rev-parse HEAD)"

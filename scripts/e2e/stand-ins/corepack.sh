#!/usr/bin/env bash
[ "$*" = 'enable pnpm' ] || { echo "the stand-in for corepack does not know: corepack $*" >&2; exit 1; }

import * as z from 'zod/mini';
import { described } from '../../schema.ts';
import type { OptionsOf } from '../../service.ts';
import { withDefaults } from '../../service.ts';

/** An item of `allow`: as the host of a URL has it, so with brackets around an IPv6 address. */
export const allowedHost = described(
  z.string().check(z.regex(/^(\*|([\w.-]+|\[[\da-f:.]+\])(:\d+)?)$/i)),
  'a host, a host with its port, or *',
);

/** What can be changed while it runs. Times also count for builds that are on their way by then. */
export interface ServeBehavior {
  /** Hosts, as `example.com` or `example.com:8443`, that workers may send requests to; `*`: all. */
  allow: readonly string[];
  /**
   * Above 0: `completed` comes at once, whether the build can run or not. It serves when so long has gone by after that,
   * and it runs.
   */
  delayMs: number;
  /** `completed` comes when the build runs; where there is a former one, that goes on serving for so long after it. */
  oldForMs: number;
  /** Builds that are deployed from now on throw on each request, as a worker does that does not fit its framework. */
  broken: boolean;
}

export interface StorefrontSettings {
  serve: boolean;
  /** 0: any free one. */
  servePort: number;
  serveAllow: readonly string[];
  serveDelayMs: number;
  serveOldForMs: number;
  serveBroken: boolean;
  /** A worker that does not run after so long fails its deployment. */
  serveStartLimitMs: number;
  /** Called with a line on what happens while it runs. */
  onServeNote: ((note: string) => void) | undefined;
}

export type StorefrontOptions = OptionsOf<StorefrontSettings>;

const DEFAULTS: StorefrontSettings = {
  serve: false,
  servePort: 0,
  serveAllow: [],
  serveDelayMs: 0,
  serveOldForMs: 0,
  serveBroken: false,
  serveStartLimitMs: 60_000,
  onServeNote: undefined,
};

export function createStorefrontSettings(options: StorefrontOptions): StorefrontSettings {
  return withDefaults(DEFAULTS, options);
}

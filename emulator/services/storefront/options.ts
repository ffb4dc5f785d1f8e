import type { OptionsOf } from '../../service.ts';
import { withDefaults } from '../../service.ts';

/** What can be changed while it runs; it is used from the next deployment, or request, on. */
export interface ServeBehavior {
  /** Hosts, as `example.com` or `example.com:8443`, that workers may send requests to; `*`: all. */
  allow: readonly string[];
  /** The address serves a new build so long after `completed` only. */
  delayMs: number;
  /** Where there is a former build, it goes on serving for so long after `completed`. */
  oldForMs: number;
  /** New builds throw on each request, as a worker does that does not fit its framework. */
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
  onServeNote: undefined,
};

export function createStorefrontSettings(options: StorefrontOptions): StorefrontSettings {
  return withDefaults(DEFAULTS, options);
}

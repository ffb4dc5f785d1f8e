import type { EmulatorOptions } from './emulator.ts';
import type { BundleLimits, Settings } from './types.ts';

const MB = 1_048_576;

/** The platform's limits (API document, section 1, "The bundle"). */
export const PLATFORM_LIMITS: BundleLimits = {
  zippedBytes: 64 * MB,
  unzippedBytes: 512 * MB,
  files: 1_000,
  workerBytes: 40 * MB,
  assetBytes: 25 * MB,
};

const DEFAULTS: Settings = {
  host: '127.0.0.1',
  port: 0,
  tls: false,
  storeHash: 'emulated1',
  accessToken: 'emulator-access-token-3f9c1b7e',
  tokens: {},
  projectLimit: 100,
  signatureLifeSeconds: 59,
  stepMs: 300,
  holdDeploymentsAt: undefined,
  streamCutMs: 30_000,
  sseForm: 'bare',
  limits: PLATFORM_LIMITS,
  logKeepAliveMs: 15_000,
  logCutMs: 60_000,
  workerLogEveryMs: 0,
  github: {},
  redirects: {},
  sitecore: {},
  onRequestEnd: undefined,
  onDeploymentChange: undefined,
};

/** All settings, from those that were given. An option that is undefined counts as not given. */
export function createSettings(options: EmulatorOptions): Settings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...given, limits: { ...PLATFORM_LIMITS, ...options.limits } };
}

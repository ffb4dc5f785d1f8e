import type { StoreCredentials } from '../../bigcommerce/store-api.ts';
import type { OptionsOf } from '../../options.ts';
import { withDefaults } from '../../options.ts';
import type { BundleLimits, DeploymentRecord, HoldPoint } from './records.ts';

export interface HostingSettings extends StoreCredentials {
  /** Names of projects that the store has from the start. */
  projects: readonly string[];
  /** How many projects the store may have. */
  projectLimit: number;
  holdDeploymentsAt: HoldPoint | undefined;
  limits: BundleLimits;
  /** Called on each change of state of a deployment. */
  onDeploymentChange: ((deployment: DeploymentRecord) => void) | undefined;
}

/** What the store and its hosting are like; everything has a default. */
export type HostingOptions = OptionsOf<Omit<HostingSettings, 'limits'>> & {
  /** Each limit is the platform's own unless it is given. */
  limits?: Partial<BundleLimits> | undefined;
};

const MB = 1_048_576;

const DEFAULTS: HostingSettings = {
  storeHash: 'emulated1',
  accessToken: 'emulator-access-token-3f9c1b7e',
  tokens: {},
  projects: ['demo-storefront'],
  projectLimit: 100,
  holdDeploymentsAt: undefined,
  // The platform's limits (API document, section 1, "The bundle").
  limits: {
    zippedBytes: 64 * MB,
    unzippedBytes: 512 * MB,
    files: 1_000,
    workerBytes: 40 * MB,
    assetBytes: 25 * MB,
  },
  onDeploymentChange: undefined,
};

export function createHostingSettings({ limits, ...options }: HostingOptions): HostingSettings {
  return { ...withDefaults(DEFAULTS, options), limits: { ...DEFAULTS.limits, ...limits } };
}

import type { ServeBehavior } from './options.ts';
import type { DeniedRequest } from './outgoing.ts';

/** The storefronts that the platform serves; with the option `serve` alone. */
export interface StorefrontMembers {
  readonly isServing: boolean;
  /** `http://demo-storefront.localhost:8788`, whether something is deployed there or not; undefined: not served. */
  addressOf(projectUuid: string): string | undefined;
  /** Of the deployment whose build answers at this moment. */
  servedDeployment(projectUuid: string): string | undefined;
  /** Resolves when the build of this deployment answers, or at once where it does. */
  waitForBuild(deploymentUuid: string): Promise<void>;
  /** Requests of workers that were not let through. */
  readonly denied: readonly DeniedRequest[];
  /** Changes what is given; gives all of it. */
  configure(change: Partial<ServeBehavior>): ServeBehavior;
}

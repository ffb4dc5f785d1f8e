import type { FaultOf } from './faults/define.ts';
import { artifacts } from './services/artifacts/index.ts';
import { channels } from './services/channels/index.ts';
import { domains } from './services/domains/index.ts';
import { github } from './services/github/index.ts';
import { hosting } from './services/hosting/index.ts';
import { redirects } from './services/redirects/index.ts';
import { sitecore } from './services/sitecore/index.ts';
import { storage } from './services/storage/index.ts';
import { storefront } from './services/storefront/index.ts';
import { workerLogs } from './services/worker-logs/index.ts';

/** All services of the platform, in the order in which they start: one that builds on another comes after it. */
export const SERVICES = [
  storage,
  hosting,
  workerLogs,
  storefront,
  channels,
  domains,
  redirects,
  sitecore,
  github,
  artifacts,
] as const;

type AnyService = (typeof SERVICES)[number];

/** Name of the call that a request was. */
export type Call = AnyService['endpoints'][number]['call'];

/** What a fault can be for: a call, or a name that represents several. */
export type FaultCall = Call | NonNullable<AnyService['anyCall']>;

/** What a fault does. */
export type FaultEffect = FaultOf<AnyService['faults'][number]>;

/** What each service adds to the options of the emulator. */
export type ServiceOptions = Intersection<Parameters<AnyService['start']>[1]>;

/** What each service adds to the emulator. */
export type ServiceMembers = Intersection<ReturnType<AnyService['start']>['members']>;

/** Of all members of a union: a union of parameters becomes their intersection. */
type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

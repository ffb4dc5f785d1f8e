import { problemsWords, type WorkerLogsRecord } from '../worker-logs/worker-logs-record.ts';

/** What a verification asks of a storefront, and what came of it. Pure. */

/** One page of the storefront, and what its answer has to be: a line of the input `verify-paths`. */
export interface PathCheck {
  /** With its query, as the user wrote it; begins with `/`. */
  path: string;
  /** Undefined: 200, once redirects within the storefront are followed. */
  status?: number | undefined;
  /** For a redirect: where it has to lead, as the user wrote it: `/new`, or a URL. */
  location?: string | undefined;
  /** Text that has to be in the page. */
  contains?: string | undefined;
}

/** What `verify-paths` is unless given. */
export const HOME_PAGE: PathCheck = { path: '/' };

/**
 * `healthy`: as wished, twice in a row. `unhealthy`: it answers, and not as wished. `inconclusive`: it was not reached,
 * or something in front of it answered, which says nothing about the build.
 */
export type PageState = 'healthy' | 'unhealthy' | 'inconclusive';

/** `skipped`: nothing was asked. */
export const VERIFICATION_STATES = ['healthy', 'unhealthy', 'inconclusive', 'skipped'] as const;
export type VerificationState = (typeof VERIFICATION_STATES)[number];

/** What came of one path. Nothing of the page is in it but status and length. */
export interface PageResult {
  path: string;
  state: PageState;
  /** Of the answer that counts: the last one within the storefront; undefined if there was none. */
  status?: number | undefined;
  /** Of its body, decompressed; what was read of it, if that is larger than the limit. */
  bytes?: number | undefined;
  /** How often it was asked. */
  attempts: number;
  /** From the request to the first byte of the answer: of the first answer that counts, and of the last. */
  firstByteMs?: number | undefined;
  warmFirstByteMs?: number | undefined;
  /** What is wrong, as the end of a sentence that begins with the path: `answers 500`. */
  problem?: string | undefined;
  /** What would let it be judged, where it is inconclusive: a sentence. */
  advice?: string | undefined;
  /** It was unhealthy before the deployment, too, if maybe in another way. */
  hasFailedBefore?: boolean | undefined;
}

/**
 * Which build answers, by `/BUILD_ID`. `unknown`: the bundle has none, or no such route answered.
 * `other`: until the end, another build answered, so nothing was judged.
 */
export type BuildIdentity = 'matched' | 'other' | 'unknown';

/** What came of a verification. */
export interface VerificationRecord {
  state: VerificationState;
  /** The address that was asked; undefined where none is known. */
  url?: string | undefined;
  build?: BuildIdentity | undefined;
  /** Why it was skipped or is inconclusive as a whole, as a sentence; undefined where the pages say it. */
  reason?: string | undefined;
  durationMs: number;
  pages: readonly PageResult[];
  /** Undefined if they were not asked for. */
  workerLogs?: WorkerLogsRecord | undefined;
}

/** What it takes to say what is broken. */
type Broken = Pick<VerificationRecord, 'pages' | 'workerLogs'>;

/** A verification that was not made. @param reason a sentence */
export function skippedVerification(reason: string): VerificationRecord {
  return { state: 'skipped', reason, durationMs: 0, pages: [] };
}

/** The pages that are broken, and were not before the deployment. */
export function newlyBroken({ pages }: Pick<VerificationRecord, 'pages'>): PageResult[] {
  return pages.filter(({ state, hasFailedBefore }) => state === 'unhealthy' && hasFailedBefore !== true);
}

/** Every page that is broken was so before the deployment, and there is one; without any, the same for what was logged. */
export function hasOnlyOldFaults({ pages, workerLogs }: Broken): boolean {
  if (pages.every(({ state }) => state !== 'unhealthy')) return workerLogs?.wasLoggedBefore === true;
  return newlyBroken({ pages }).length === 0;
}

/** `1 of 2 pages fails: / answers 500`; of pages that all work, what their worker logged. */
export function describeBroken({ pages, workerLogs }: Broken): string {
  const broken = pages.filter(({ state }) => state === 'unhealthy');
  const [first] = broken;
  if (first === undefined) return describeLogged(workerLogs);
  const more = broken.length === 1 ? '' : `, and ${broken.length - 1} more`;
  return `${countBroken({ pages })}: ${describePage(first)}${more}`;
}

/** `its worker logged 2 errors while its pages were asked` */
function describeLogged(workerLogs: WorkerLogsRecord | undefined): string {
  if (workerLogs === undefined || workerLogs.problems.length === 0) return 'no page fails';
  return `its worker logged ${problemsWords(workerLogs)} while its pages were asked`;
}

/** `1 of 2 pages fails` */
export function countBroken({ pages, workerLogs }: Broken): string {
  const { length } = pages.filter(({ state }) => state === 'unhealthy');
  if (length === 0 && workerLogs !== undefined && workerLogs.problems.length > 0) return describeLogged(workerLogs);
  return `${length} of ${pages.length} ${pages.length === 1 ? 'page' : 'pages'} ${length === 1 ? 'fails' : 'fail'}`;
}

/** `/ answers 500` */
export function describePage({ path, problem, hasFailedBefore }: PageResult): string {
  const before = hasFailedBefore === true ? ', and it failed before this deployment, too' : '';
  return `${path} ${problem ?? 'works'}${before}`;
}

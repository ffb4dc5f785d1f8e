import * as z from 'zod/mini';
import type { PageResult, PageState, VerificationRecord } from '../domain/verification/checks.ts';
import { VERIFICATION_STATES } from '../domain/verification/checks.ts';
import type { WorkerLogsRecord } from '../domain/worker-logs/worker-logs-record.ts';
import { limitChars } from '../report/format.ts';
import type { RehearsalRecord, RestoredRecord, Verified } from '../report/verification-record.ts';
import { orUndefined } from '../schema.ts';

/** What a `post` step has to know of whether the storefront works, in the state that the main step leaves to it. */

const text = orUndefined(z.string());
const number = orUndefined(z.number());

const page: z.ZodMiniType<PageResult> = z.object({
  path: z.string(),
  state: z.enum(['healthy', 'unhealthy', 'inconclusive']),
  status: number,
  bytes: number,
  attempts: z.number(),
  firstByteMs: number,
  warmFirstByteMs: number,
  problem: text,
  advice: text,
  hasFailedBefore: orUndefined(z.boolean()),
});

const workerLogs: z.ZodMiniType<WorkerLogsRecord> = z.object({
  state: z.enum(['read', 'partly', 'refused', 'failed']),
  reason: text,
  problems: z.array(
    z.object({
      level: z.enum(['error', 'exception']),
      name: text,
      message: z.string(),
      count: z.number(),
      paths: z.array(z.string()),
    }),
  ),
  wasLoggedBefore: orUndefined(z.boolean()),
  moreProblems: z.number(),
  othersCount: z.number(),
});

const verification: z.ZodMiniType<VerificationRecord> = z.object({
  state: z.enum(VERIFICATION_STATES),
  url: text,
  build: orUndefined(z.enum(['matched', 'other', 'unknown'])),
  reason: text,
  durationMs: z.number(),
  pages: z.array(page),
  workerLogs: orUndefined(workerLogs),
});

const rehearsal: z.ZodMiniType<RehearsalRecord> = z.object({
  project: z.string(),
  state: z.enum(['running', 'passed', 'rejected', 'failed']),
  deploymentUuid: text,
  verification: orUndefined(verification),
});

const restored: z.ZodMiniType<RestoredRecord> = z.object({
  githubDeployment: z.object({ id: z.number(), url: z.string() }),
  commit: z.object({ sha: z.string(), url: z.string() }),
  state: z.enum(['restoring', 'live', 'failed']),
  verification: orUndefined(verification),
});

export const verifiedState = z.object({
  isVerifying: orUndefined(z.boolean()),
  verification: orUndefined(verification),
  rehearsal: orUndefined(rehearsal),
  restored: orUndefined(restored),
  buildId: text,
});

export type VerifiedState = z.infer<typeof verifiedState>;

/** Pages that are stored with all that is known of them; of others, only that they were asked. */
const MAX_PAGES = 8;
const MAX_NAMED_PAGES = 40;
const MAX_PAGE_CHARS = 150;
const MAX_TEXT_CHARS = 300;
const MAX_PROBLEMS = 3;

/** Undefined while nothing is known. What only people read is cut. */
export function createVerifiedState({
  isVerifying,
  bundle,
  ...known
}: Verified & { bundle?: { buildId?: string } }): VerifiedState | undefined {
  const { rehearsal, restored } = known;
  if (
    isVerifying === undefined &&
    known.verification === undefined &&
    rehearsal === undefined &&
    restored === undefined
  )
    return undefined;
  return {
    isVerifying,
    verification: limit(known.verification),
    rehearsal: rehearsal && { ...rehearsal, verification: limit(rehearsal.verification) },
    restored: restored && { ...restored, verification: limit(restored.verification) },
    buildId: bundle?.buildId,
  };
}

/** The same with the first page of each, which is broken if one is. */
export function createBareVerifiedState({ isVerifying, ...known }: VerifiedState): VerifiedState {
  const bare = (one: VerificationRecord | undefined) =>
    one && { ...one, pages: one.pages.slice(0, 1), workerLogs: limitLogs(one.workerLogs, 1) };
  const { verification, rehearsal, restored } = known;
  return {
    isVerifying,
    verification: bare(verification),
    rehearsal: rehearsal && { ...rehearsal, verification: bare(rehearsal.verification) },
    restored: restored && { ...restored, verification: bare(restored.verification) },
    buildId: undefined,
  };
}

const ORDER: Readonly<Record<PageState, number>> = { unhealthy: 0, inconclusive: 1, healthy: 2 };

function limit(one: VerificationRecord | undefined): VerificationRecord | undefined {
  if (one === undefined) return undefined;
  const pages = one.pages
    .toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
    .slice(0, MAX_NAMED_PAGES)
    .map((page, index) => (index < MAX_PAGES ? limitPage(page) : nameOnly(page)));
  const reason = one.reason && limitChars(one.reason, MAX_TEXT_CHARS);
  return { ...one, reason, pages, workerLogs: limitLogs(one.workerLogs, MAX_PROBLEMS) };
}

function limitLogs(logs: WorkerLogsRecord | undefined, maxProblems: number): WorkerLogsRecord | undefined {
  if (logs === undefined) return undefined;
  const problems = logs.problems.slice(0, maxProblems).map(({ name, message, paths, ...one }) => ({
    ...one,
    name: name && limitChars(name, MAX_PAGE_CHARS),
    message: limitChars(message, MAX_PAGE_CHARS),
    paths: paths.slice(0, 1).map((path) => limitChars(path, MAX_PAGE_CHARS)),
  }));
  const moreProblems = logs.moreProblems + logs.problems.length - problems.length;
  return { ...logs, reason: logs.reason && limitChars(logs.reason, MAX_TEXT_CHARS), problems, moreProblems };
}

function limitPage({ path, problem, advice, ...page }: PageResult): PageResult {
  return {
    ...page,
    path: limitChars(path, MAX_PAGE_CHARS),
    problem: problem && limitChars(problem, MAX_PAGE_CHARS),
    advice: advice && limitChars(advice, MAX_TEXT_CHARS),
  };
}

function nameOnly({ path, state, attempts }: PageResult): PageResult {
  return { path: limitChars(path, MAX_PAGE_CHARS / 5), state, attempts };
}

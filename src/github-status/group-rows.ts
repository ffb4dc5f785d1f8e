import * as z from 'zod/mini';
import { type GroupRow, readRows } from '../domain/comment-group.ts';
import { orUndefined, parseStored } from '../schema.ts';

const text = orUndefined(z.string());
const number = orUndefined(z.number());

/** Anybody with write access may edit a comment: what is no time could not be shown. */
const isTime = (value: string) => !Number.isNaN(Date.parse(value));

/** A row without its detail, as a comment stores it. */
const storedRow = z.object({
  key: z.object({ project: z.string(), environment: z.string(), store: text }),
  shown: z.object({
    kind: z.enum(['good', 'bad', 'pending', 'neutral']),
    mark: z.string(),
    name: text,
    words: text,
    url: text,
    commit: orUndefined(z.object({ sha: z.string(), url: z.string() })),
    sizeBytes: number,
    durationMs: number,
    runUrl: text,
  }),
  memory: z.object({
    lastSuccess: orUndefined(
      z.object({
        sha: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)),
        url: text,
        at: z.string().check(z.refine(isTime)),
      }),
    ),
    shownAtMs: number,
    share: orUndefined(z.object({ holds: z.boolean(), heldSinceMs: number, claimedAtMs: number })),
  }),
});

const NO_CLAIM = { claimedAtMs: undefined };

/** The rows that a comment stores; one that is not understood is left out. */
export function parseRows(body: string): GroupRow[] {
  return readRows(body).flatMap(({ json, detail }) => {
    const row = parseStored<z.output<typeof storedRow>>(storedRow, json);
    if (row === undefined) return [];
    const { key, shown, memory } = row;
    const { lastSuccess, shownAtMs, share } = memory;
    return [{ key, shown, memory: { lastSuccess, shownAtMs, share: share && { ...NO_CLAIM, ...share } }, detail }];
  });
}

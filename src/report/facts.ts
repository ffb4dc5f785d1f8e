import { formatDuration } from './format.ts';
import { limitLabel } from './limits.ts';
import { code, text } from './markdown.ts';
import { fold, namedList } from './page.ts';
import type { RunRecord } from './run-record.ts';
import { formatUtc } from './sections.ts';

/** Facts that the summaries of several actions have, in their line of facts or in the fold of ids. */

/** `6.5 s`; after a failure `stopped at Find project after 0.6 s`. */
export function endFact({ durationMs, failure, phases }: RunRecord): string {
  const duration = formatDuration(durationMs);
  const stopped = failure && phases.findLast(({ state }) => state !== 'done');
  return stopped === undefined ? duration : `stopped at <em>${text(limitLabel(stopped.title))}</em> after ${duration}`;
}

/** Only after a failure, when somebody may have to ask for support. */
export function correlationFact({ failure, networkUsed, correlationId }: RunRecord): string | undefined {
  return failure === undefined || !networkUsed ? undefined : `correlation id ${code(correlationId)}`;
}

/**
 * What only a support request or a closer look needs.
 * @param rows names and values as Markdown; what has no value is left out
 */
export function supportFold(
  record: RunRecord,
  rows: readonly (readonly [string, string | undefined])[] = [],
  title = 'Ids for support',
): string {
  const { startedAt, networkUsed, correlationId } = record;
  const facts = [
    ...rows,
    ['Started', formatUtc(startedAt)],
    ['Correlation id', networkUsed ? code(correlationId) : undefined],
  ] as const;
  return fold(title, namedList(facts));
}

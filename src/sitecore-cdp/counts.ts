import type { BatchCounts } from '../domain/batch/batch.ts';
import { isPlainObject } from '../domain/batch/record.ts';

/** Possible names of the counts, the most likely first: the API document gives none (section 3). */
const NAMES: Readonly<Record<keyof BatchCounts, readonly string[]>> = {
  read: ['read', 'total'],
  processed: ['processed', 'success', 'successful', 'succeeded', 'processedsuccess', 'successfullyprocessed'],
  failed: ['failed', 'failure', 'failures', 'error', 'errors', 'errored'],
};
/** Words that say what is counted: `recordsRead`, `total_count`, `numberOfFailedRecords`. */
const FILLERS = /^(?:records?|rows?|lines?|items?|counts?|number|num|of|batch)$/;
const MAX_DEPTH = 4;
const MAX_OBJECTS = 200;

/** Reads the counts from any object of a response. Only integers count; those nearest to the top take precedence. */
export function readCounts(answer: unknown): BatchCounts {
  const found: BatchCounts = {};
  for (const object of objectsOf(answer)) {
    const named = new Map(
      Object.entries(object).flatMap(([key, value]) => (isCount(value) ? [[bare(key), value]] : [])),
    );
    const counts = Object.entries(NAMES).flatMap(([kind, names]) => {
      const name = names.find((one) => named.has(one));
      return name === undefined ? [] : [{ kind: kind as keyof BatchCounts, name, value: named.get(name) }];
    });
    // A lone number called "error" is an error code.
    const areCounts = counts.length > 1 || counts[0]?.name !== 'error';
    if (areCounts) for (const { kind, value } of counts) if (value !== undefined) found[kind] ??= value;
  }
  return found;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** `numberOfFailedRecords` and `totalFailed`: `failed`. */
function bare(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part !== '' && !FILLERS.test(part));
  return (words.length > 1 ? words.filter((part) => part !== 'total') : words).join('');
}

/** All objects of an answer, those at the top first. */
function objectsOf(answer: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  let level = [answer];
  for (let depth = 0; depth < MAX_DEPTH && found.length < MAX_OBJECTS; depth += 1) {
    const objects = level.filter(isPlainObject);
    found.push(...objects.slice(0, MAX_OBJECTS - found.length));
    level = objects.flatMap((object) => Object.values(object));
  }
  return found;
}

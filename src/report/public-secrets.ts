import { type FieldRules, redactFields } from './field-rules.ts';
import type { Outputs } from './outputs.ts';
import type { Redactor } from './redactor.ts';
import type { Occurrence, Run, RunEvent, Sink } from './run-events.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Warns, at the end of the work, of values of `secrets` that are a part of what everybody sees: they stay there, and the
 * runner masks them. Attach it after the outputs.
 */
export function createPublicSecretsSink<E extends { type: string }, R extends RunRecord>(
  { outputs, fields }: { outputs: (occurrence: Occurrence<E, R>) => Outputs | undefined; fields: FieldRules<R> },
  { keysIn }: Pick<Redactor, 'keysIn'>,
  run: Pick<Run<RunEvent<never>>, 'warn'>,
): Sink<E, R> {
  /** Keys of `secrets`, with the names of the outputs that hold their values. */
  const found = new Map<string, Set<string>>();
  const note = (text: string, output?: string) => {
    for (const key of keysIn(text)) {
      const names = found.get(key) ?? new Set();
      found.set(key, output === undefined ? names : names.add(output));
    }
    return text;
  };
  return {
    failing: 'Values of `secrets` could not be searched for',
    receive: (occurrence) => {
      for (const [name, value] of Object.entries(outputs(occurrence) ?? {})) note(`${value}`, name);
      if (occurrence.type !== 'ended') return;
      // Only public strings still hold any.
      redactFields(occurrence.record, fields, { redact: (text) => text, redactPublic: note });
      if (found.size > 0) run.warn(warningOf(found));
    },
  };
}

function warningOf(found: ReadonlyMap<string, ReadonlySet<string>>): string {
  const keys = [...found].map(([key, outputs]) => `${key} (${renderPlaces([...outputs])})`).join(', ');
  return (
    `secrets: what everybody can see of this run holds the value of ${keys}. It was left there, since links and later ` +
    'steps need it; but the runner masks it, so that the log is hard to read, and job outputs that hold it arrive ' +
    'empty. Move what is no secret to `environment-variables`; give a secret a longer value.'
  );
}

function renderPlaces(outputs: readonly string[]): string {
  if (outputs.length === 0) return 'in an address, a name or an id';
  return `${outputs.length === 1 ? 'output' : 'outputs'} ${outputs.map((name) => `\`${name}\``).join(', ')}`;
}

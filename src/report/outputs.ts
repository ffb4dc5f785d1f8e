import { type FieldRules, redactFields } from './field-rules.ts';
import type { JobLog } from './job-log.ts';
import type { Redactor } from './redactor.ts';
import type { CommonRun, Occurrence, Sink } from './run-events.ts';
import { writeOutput } from './runner-commands.ts';

/** Outputs of a step by their names. */
export type Outputs = Readonly<Record<string, string | number>>;

interface OutputOptions<E extends { type: string }, R> {
  /** Called once for each event. */
  outputs: (occurrence: Occurrence<E, R>) => Outputs | undefined;
  fields: FieldRules<R>;
  log: Pick<JobLog, 'output'>;
  redactor: Pick<Redactor, 'keysIn'>;
  run: Pick<CommonRun, 'warn'>;
}

/**
 * Writes outputs as soon as they change, so that a run that is killed has written what it knew. Warns, at the end of the
 * work, of values of `secrets` that are a part of what everybody sees: they stay there, and the runner masks them.
 */
export function createOutputSink<E extends { type: string }, R extends object>(
  options: OutputOptions<E, R>,
): Sink<E, R> {
  const { outputs: outputsOf, fields, log, redactor, run } = options;
  const written = new Map<string, string | number>();
  const secrets = new PublicSecrets(redactor);
  return {
    failing: 'The outputs of this step could not be written',
    receive: (occurrence) => {
      const outputs = Object.entries(outputsOf(occurrence) ?? {});
      for (const [name, value] of outputs) secrets.search(`${value}`, name);
      if (occurrence.type === 'ended') {
        const search = (text: string) => secrets.search(text);
        // Values of `secrets` remain in public strings alone.
        redactFields(occurrence.record, fields, { redact: (text) => text, redactPublic: search });
        if (secrets.warning !== undefined) run.warn(secrets.warning, 'Secret in an output');
      }
      for (const [name, value] of outputs) {
        if (written.get(name) === value) continue;
        if (!writeOutput(name, value)) log.output(name, `${value}`);
        written.set(name, value);
      }
    },
  };
}

/** Keys of `secrets` whose values occur in what everybody sees. */
class PublicSecrets {
  readonly #redactor: Pick<Redactor, 'keysIn'>;
  /** With the names of the outputs that hold them. */
  readonly #found = new Map<string, Set<string>>();

  constructor(redactor: Pick<Redactor, 'keysIn'>) {
    this.#redactor = redactor;
  }

  /** @returns the text as it is */
  search(text: string, output?: string): string {
    for (const key of this.#redactor.keysIn(text)) {
      const names = this.#found.get(key) ?? new Set();
      this.#found.set(key, output === undefined ? names : names.add(output));
    }
    return text;
  }

  get warning(): string | undefined {
    if (this.#found.size === 0) return undefined;
    const keys = [...this.#found].map(([key, outputs]) => `${key} (${renderPlaces([...outputs])})`).join(', ');
    return (
      `secrets: what everybody can see of this run holds the value of ${keys}. It was left there, since links and later ` +
      'steps need it; but the runner masks it, so that the log is hard to read, and job outputs that hold it arrive ' +
      'empty. Move what is no secret to `environment-variables`; give a secret a longer value.'
    );
  }
}

function renderPlaces(outputs: readonly string[]): string {
  if (outputs.length === 0) return 'in an address, a name or an id';
  return `${outputs.length === 1 ? 'output' : 'outputs'} ${outputs.map((name) => `\`${name}\``).join(', ')}`;
}

import type { LogsDependencies } from '../actions/logs/dependencies.ts';
import type { WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import { type FieldRules, redactFields } from '../report/field-rules.ts';
import type { Redactor } from '../report/redactor.ts';
import { withoutSecrets } from '../report/without-secrets.ts';

const EVENT_FIELDS: FieldRules<WorkerLogEvent> = { lines: { level: 'own' } };

/** How an event loses its secrets before it is rendered; its JSON stays JSON. */
export function createEventRedaction({ redact, redactPublic }: Redactor): LogsDependencies['redact'] {
  return {
    event: ({ json, ...event }) => ({
      ...redactFields<Omit<WorkerLogEvent, 'json'>>(event, EVENT_FIELDS, { redact, redactPublic }),
      json: redactJson(json, redact),
    }),
    line: redact,
  };
}

/** A secret may be a number, which `***` cannot stand for: then it is a string, as is everything that holds one. */
function redactJson(json: string, redact: (text: string) => string): string {
  const clean = redact(json);
  if (clean === json || isJson(clean)) return clean;
  try {
    return JSON.stringify(withoutSecrets(JSON.parse(json), redact));
  } catch {
    // Nested too deeply.
    return JSON.stringify(clean);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

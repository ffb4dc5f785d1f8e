import type { RedirectTo, TargetType } from './records.ts';
import { TARGET_TYPES } from './records.ts';

/** "either a manual URL/path (at most 2,048 characters)": API document, section 2. */
const MAX_URL_CHARS = 2048;

/** What is wrong with an old path; undefined: nothing. */
export function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string' || path === '') return 'is required';
  return path.startsWith('/') ? undefined : "must begin with '/'";
}

/** What is wrong with a manual target; undefined: nothing. */
export function urlProblem(url: unknown): string | undefined {
  if (typeof url !== 'string' || url === '') return 'is required';
  if (url.length > MAX_URL_CHARS) return `must not be longer than ${MAX_URL_CHARS} characters`;
  if (url.startsWith('/') || (/^https?:\/\//i.test(url) && URL.canParse(url))) return undefined;
  return 'must be a path or a URL';
}

export function entityProblem(id: unknown): string | undefined {
  return Number.isSafeInteger(id) && Number(id) > 0 ? undefined : 'must be a positive integer';
}

export function parseTargetType(value: unknown): TargetType | undefined {
  return TARGET_TYPES.find((type) => type === value);
}

/** A target from JSON; what is wrong with it is added to `errors`, by its field. */
export function parseTo(value: unknown, place: string, errors: Record<string, string>): RedirectTo | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    errors[place] = 'is required';
    return undefined;
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const type = parseTargetType(fields['type']);
  if (type === undefined) {
    errors[`${place}.type`] = `must be one of ${TARGET_TYPES.join(', ')}`;
    return undefined;
  }
  const name = type === 'url' ? 'url' : 'entity_id';
  const problem = type === 'url' ? urlProblem(fields['url']) : entityProblem(fields['entity_id']);
  if (problem !== undefined) {
    errors[`${place}.${name}`] = problem;
    return undefined;
  }
  return type === 'url' ? { type, url: String(fields['url']) } : { type, entity_id: Number(fields['entity_id']) };
}

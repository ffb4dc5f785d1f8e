/** Readers of query parameters. What is wrong is added to the errors of the answer, by the name of the parameter. */

export type Errors = Record<string, string>;

export function readInteger(query: URLSearchParams, name: string, errors: Errors): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = parseInteger(text);
  if (value === undefined) errors[name] = 'must be an integer';
  return value;
}

/** Comma-separated; undefined where the parameter is not given. */
export function readIntegers(query: URLSearchParams, name: string, errors: Errors): number[] | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const values = text.split(',').map(parseInteger);
  const integers = values.filter((value) => value !== undefined);
  if (integers.length < values.length) errors[name] = 'must be a list of integers';
  return integers;
}

/** Undefined where the parameter is not given, or is none of the words. */
export function readWord<W extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly W[],
  errors: Errors,
): W | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const word = words.find((known) => known === text);
  if (word === undefined) errors[name] = `must be one of ${words.join(', ')}`;
  return word;
}

function parseInteger(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

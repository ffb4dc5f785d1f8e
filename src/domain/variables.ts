/** A variable of a deployment, as `POST /infrastructure/deployments` expects it (API document, section 1). */
export interface EnvironmentVariable {
  type: 'plain_text' | 'secret';
  key: string;
  value: string;
}

/**
 * Values that settings have and secrets do not. Masking one would garble addresses, outcomes and unrelated text,
 * and protect nothing: anybody who sees the `***` can guess it.
 */
const ORDINARY_WORDS: ReadonlySet<string> = new Set([
  ...['true', 'false', 'none', 'null', 'undefined', 'enabled', 'disabled', 'auto', 'default'],
  ...['production', 'development', 'staging', 'preview', 'test', 'testing', 'local', 'localhost', 'native'],
  ...['http', 'https', 'main', 'master', 'debug', 'info', 'warn', 'warning', 'error', 'public', 'private'],
]);

/** Whether a value of `secrets` is a common word, and so not secret. */
export function isOrdinaryWord(value: string): boolean {
  return ORDINARY_WORDS.has(value.trim().toLowerCase());
}

const SECRET_WORD =
  /(?:^|[_.-])(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:PRIVATE|API|ACCESS)[_.-]?KEY)S?(?:$|[_.-])/i;

/** Whether a variable's name says that its value is a secret. `NEXT_PUBLIC_…` is sent to every browser anyway. */
export function looksSecret(key: string): boolean {
  return !key.startsWith('NEXT_PUBLIC_') && SECRET_WORD.test(key);
}

/** Of a shorter value that is not known to be a secret, every number or word would be one. */
const MIN_LIKELY_SECRET_CHARACTERS = 8;

/**
 * Values that are secrets by their names: of variables that are given as plain text, and of the job's environment, such as
 * the runner's tokens, or a storefront's token for the build step.
 */
export function likelySecrets(
  variables: readonly EnvironmentVariable[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const all: [string, string][] = variables.map(({ key, value }) => [key, value]);
  // The action's own inputs are known by what they mean.
  for (const [key, value = ''] of Object.entries(env)) if (!key.startsWith('INPUT_')) all.push([key, value]);
  return all
    .filter(([key]) => looksSecret(key))
    .map(([, value]) => value)
    .filter((value) => value.length >= MIN_LIKELY_SECRET_CHARACTERS && !isOrdinaryWord(value));
}

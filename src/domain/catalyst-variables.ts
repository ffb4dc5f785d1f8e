import type { Bundle } from './bundle.ts';
import type { EnvironmentVariable } from './variables.ts';

/** Each with names of which one is enough. A Catalyst storefront reads them at run time (API document, section 1). */
const NEEDED: readonly (readonly [string, ...string[]])[] = [
  ['BIGCOMMERCE_STORE_HASH'],
  ['BIGCOMMERCE_STOREFRONT_TOKEN'],
  ['BIGCOMMERCE_CHANNEL_ID'],
  ['AUTH_SECRET'],
  // Auth.js trusts no host without one of them, and then nobody can log in.
  ['AUTH_TRUST_HOST', 'AUTH_URL'],
];

/** Names what a Catalyst storefront will lack; undefined for another bundle, and if nothing is missing or empty. */
export function missingVariablesWarning(
  { isCatalyst }: Pick<Bundle, 'isCatalyst'>,
  variables: readonly EnvironmentVariable[],
): string | undefined {
  if (isCatalyst !== true) return undefined;
  const given = new Set(variables.filter(({ value }) => value.trim() !== '').map(({ key }) => key));
  const missing = NEEDED.filter((names) => !names.some((name) => given.has(name)));
  if (missing.length === 0) return undefined;
  const list = missing.map((names) => (names.length === 1 ? names[0] : `one of ${names.join(' and ')}`)).join(', ');
  const trust = missing.some(([name]) => name === 'AUTH_TRUST_HOST') ? ' (`AUTH_TRUST_HOST=true` will do)' : '';
  return (
    `The storefront will probably not work: neither \`environment-variables\` nor \`secrets\` has a value for ${list}. The ` +
    'bundle is taken for a Catalyst storefront, since its worker.js reads BIGCOMMERCE_STOREFRONT_TOKEN; such a storefront ' +
    `reads these when it runs. A deployment has only the variables that it lists, whatever earlier ones had: add them${trust}.`
  );
}

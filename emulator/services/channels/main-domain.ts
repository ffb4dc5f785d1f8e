/** `co` of `co.uk`: what most countries have below their own label. The list of all public suffixes is far longer. */
const SECOND_LEVELS = new Set(['ac', 'co', 'com', 'edu', 'gov', 'net', 'org']);

/** Whether two hosts belong to one registered domain, such as `example.com` or `example.co.uk`. */
export function sharesMainDomain(one: string, other: string): boolean {
  const domain = mainDomainOf(one);
  return domain !== undefined && domain === mainDomainOf(other);
}

function mainDomainOf(host: string): string | undefined {
  const labels = host.toLowerCase().split('.');
  const hasSecondLevel = labels.at(-1)?.length === 2 && SECOND_LEVELS.has(labels.at(-2) ?? '');
  const count = hasSecondLevel ? 3 : 2;
  const isAddress = /^[\d.]+$|:/.test(host);
  return isAddress || labels.length < count ? undefined : labels.slice(-count).join('.');
}

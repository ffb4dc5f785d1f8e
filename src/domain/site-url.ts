/** Whether two addresses of a site are the same one: scheme, host, port and path, without a slash at the end. */
export function isSameUrl(one: string, other: string): boolean {
  const [normal, otherNormal] = [normalize(one), normalize(other)];
  return normal !== undefined && normal === otherNormal;
}

function normalize(text: string): string | undefined {
  const url = URL.parse(text);
  return url === null
    ? undefined
    : `${url.origin}${url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname}`;
}

/**
 * Whether two addresses certainly have no main domain in common, such as `example.com`: the last two labels of their hosts
 * differ. Without the list of public suffixes, `a.co.uk` and `b.co.uk` are not told apart.
 */
export function isOtherMainDomain(one: string, other: string): boolean {
  const [end, otherEnd] = [URL.parse(one), URL.parse(other)].map((url) => url?.hostname.split('.').slice(-2).join('.'));
  return end !== undefined && otherEnd !== undefined && end !== otherEnd;
}

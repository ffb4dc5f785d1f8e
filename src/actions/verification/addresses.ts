/**
 * The addresses that can be asked. A platform on this machine that serves nothing names addresses of the internet, where
 * nobody has anything to do with the deployment.
 */
export function reachableUrls(urls: readonly string[], isLocal: boolean): readonly string[] {
  return isLocal ? urls.filter((url) => new URL(url).hostname.endsWith('.localhost')) : urls;
}

/** There is at least one. */
export function isUrl(urls: readonly string[]): urls is readonly [string, ...string[]] {
  return urls.length > 0;
}

/**
 * Whether a host is this machine itself, so that plain http to it reveals nothing.
 * @param hostname as the URL parser leaves it: lower case, IPv4 with four decimal numbers, IPv6 in brackets and short
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether only the host of a URL can read what is sent to it: https, or plain http to this machine itself. */
export function isPrivateUrl(url: { protocol: string; hostname: string }): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

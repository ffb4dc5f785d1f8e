import dns, { type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { isLoopback } from '../domain/loopback.ts';

/**
 * Which addresses a storefront may have. The platform names its host, redirects lead on, and DNS decides where that is: a
 * runner must not be made to ask machines of its own network.
 */

/**
 * What is no public unicast: IANA's registry of special-purpose addresses (RFC 6890, without the few blocks that are
 * globally reachable), multicast (RFC 5771), what is reserved (RFC 1112).
 */
const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Azure's own services for a virtual machine; GitHub's runners are such. The address looks public.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Within 2000::/3; outside of it nothing is public (RFC 4291, section 2.4) but NAT64's prefix. 2002::/16 is 6to4. */
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** RFC 6052: followed by the IPv4 address that is meant. */
const NAT64 = '64:ff9b::';
const NAT64_BITS = 96;

const special = new BlockList();
const publicIpv6 = new BlockList();
/** A list each: one with both would take `::ffff:127.0.0.1`, which no resolver gives for this machine, for IPv4. */
const loopback = { ipv4: new BlockList(), ipv6: new BlockList() };
publicIpv6.addSubnet('2000::', 3, 'ipv6');
publicIpv6.addSubnet(NAT64, NAT64_BITS, 'ipv6');
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, 'ipv6');
for (const [network, prefix] of SPECIAL_IPV4) {
  special.addSubnet(network, prefix, 'ipv4');
  special.addSubnet(`${NAT64}${network}`, NAT64_BITS + prefix, 'ipv6');
}
loopback.ipv4.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.ipv6.addAddress('::1', 'ipv6');

/**
 * Whether anything may be asked there.
 * @param address IPv4 or IPv6, without brackets
 * @param isLocal the platform is on this machine, and so may be its storefronts
 */
export function mayConnect(address: string, isLocal: boolean): boolean {
  const family = isIP(address);
  // With a zone, it is an address of this link.
  if (family === 0 || address.includes('%')) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (isLocal && loopback[type].check(address, type)) return true;
  return (family === 4 || publicIpv6.check(address, type)) && !special.check(address, type);
}

/** `localhost`, or a name below it: this machine itself, without DNS (RFC 6761, section 6.3). */
function isLocalhost(hostname: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(hostname);
}

/** Whether a URL names this machine itself, by name or address. */
export function isThisMachine({ hostname }: URL): boolean {
  return isLocalhost(hostname) || isLoopback(hostname);
}

/** Whether a URL may be asked, as far as that can be told before its name is resolved. */
export function mayAsk({ hostname }: URL, isLocal: boolean): boolean {
  if (isLocalhost(hostname)) return isLocal;
  const literal = hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) === 0 || mayConnect(literal, isLocal);
}

/** A name leads nowhere but into a private network. */
export class PrivateAddressError extends Error {
  override name = 'PrivateAddressError';
}

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * A lookup for Node's sockets that gives them the addresses which may be asked. It is the one by which they connect, so a
 * name that changes its address in between gains nothing.
 */
export function createLookup(isLocal: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (found: readonly LookupAddress[]) => {
      const allowed = found.filter(({ address }) => mayConnect(address, isLocal));
      const [first] = allowed;
      if (first === undefined) return callback(new PrivateAddressError('a private address'), '');
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    };
    if (isLocalhost(hostname)) return void process.nextTick(answer, LOOPBACK);
    // Not imported by name: Node's own sockets ask for it at each lookup, too.
    dns.lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error === null) answer(found);
      else callback(error, '');
    });
  };
}

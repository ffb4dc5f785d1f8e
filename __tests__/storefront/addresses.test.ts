import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createLookup,
  isThisMachine,
  mayAsk,
  mayConnect,
  PrivateAddressError,
} from '../../src/storefront/addresses.ts';
import { resolveTo } from './helpers.ts';

const PUBLIC = ['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1'];
const PUBLIC_IPV6 = ['2606:4700::6810:84e5', '2001:4860:4860::8888', '2400:cb00::1', '64:ff9b::1.1.1.1'];
const PRIVATE = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.9.9.9', '168.63.129.16'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.0.1'],
  ...['198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1', '255.255.255.255'],
];
const PRIVATE_IPV6 = [
  ...['::', '::1', '::2', 'fe80::1', 'FE80::1', 'febf::1', 'fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd00:ec2::254'],
  ...['ff02::1', '::ffff:127.0.0.1', '::ffff:1.1.1.1', '::ffff:7f00:1', '::FFFF:10.0.0.1', '::127.0.0.1', '100::1'],
  ...['2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '5f00::1', '64:ff9b:1::1', '64:ff9b::10.0.0.1'],
  ...['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '0:0:0:0:0:0:0:1', '0:0:0:0:0:ffff:7f00:1', '4000::1', '1fff::1'],
];

test.each([...PUBLIC, ...PUBLIC_IPV6])('%s may be asked', (address) => {
  expect(mayConnect(address, false)).toBe(true);
  expect(mayConnect(address, true)).toBe(true);
});

test.each([...PRIVATE, ...PRIVATE_IPV6])('%s may not', (address) => {
  expect(mayConnect(address, false)).toBe(false);
});

test('where the platform is on this machine, so may be its storefronts, but not in the network around it', () => {
  const isLoopback = (address: string) => /^127\.|^(?:0:){7}1$|^::1$/.test(address);
  const allowed = [...PRIVATE, ...PRIVATE_IPV6].filter((address) => mayConnect(address, true));
  expect(allowed).toEqual([...PRIVATE, ...PRIVATE_IPV6].filter(isLoopback));
});

test.each(['', 'localhost', '1.1.1', '1.1.1.1.1', '[::1]', '0x7f.1', '2130706433', 'ff'])(
  '"%s" is no address',
  (text) => {
    expect(mayConnect(text, true)).toBe(false);
  },
);

/** Written without the table: the registry by its octets. */
function isPublicIpv4([a, b, c, d]: readonly [number, number, number, number]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100) return b < 64 || b > 127;
  if (a === 169) return b !== 254;
  if (a === 168) return !(b === 63 && c === 129 && d === 16);
  if (a === 172) return b < 16 || b > 31;
  if (a === 192) return b !== 168 && !(b === 0 && (c === 0 || c === 2)) && !(b === 88 && c === 99);
  if (a === 198) return b !== 18 && b !== 19 && !(b === 51 && c === 100);
  if (a === 203) return !(b === 0 && c === 113);
  return true;
}

const near = (...values: number[]) => fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...values));
const ipv4 = fc.tuple(
  near(0, 1, 10, 100, 127, 168, 169, 172, 192, 198, 203, 223, 224),
  near(0, 15, 16, 18, 19, 31, 32, 51, 63, 64, 88, 127, 128, 168, 254),
  near(0, 1, 2, 99, 100, 113, 129),
  near(0, 16, 255),
);

test('any IPv4 address is public, or special, also within NAT64, and never within IPv4-mapped IPv6', () => {
  fc.assert(
    fc.property(ipv4, fc.boolean(), (octets, isLocal) => {
      const address = octets.join('.');
      const isPublic = isPublicIpv4(octets);
      expect(mayConnect(address, isLocal)).toBe(isPublic || (isLocal && octets[0] === 127));
      expect(mayConnect(`64:ff9b::${address}`, isLocal)).toBe(isPublic);
      expect(mayConnect(`::ffff:${address}`, isLocal)).toBe(false);
      expect(mayConnect(`::${address}`, isLocal)).toBe(isLocal && address === '0.0.0.1');
    }),
    { numRuns: 2000 },
  );
});

const groups = fc
  .tuple(
    fc.oneof(fc.nat(0xffff), fc.constantFrom(0x2000, 0x2001, 0x2002, 0x3fff, 0xfe80, 0xfc00, 0xff02, 0)),
    fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 1, 0x1ff, 0x200, 0xdb8, 0xfff, 0x1000)),
    fc.array(fc.oneof(fc.nat(0xffff), fc.constant(0)), { minLength: 6, maxLength: 6 }),
  )
  .map(([first, second, rest]) => [first, second, ...rest]);

test('any IPv6 address that is no public unicast is refused, in each notation', () => {
  fc.assert(
    fc.property(groups, (parts) => {
      const [first = 0, second = 0] = parts;
      const isSpecial =
        (first === 0x2001 && (second < 0x200 || second === 0xdb8)) ||
        first === 0x2002 ||
        (first === 0x3fff && second < 0x1000);
      const isPublic = first >= 0x2000 && first <= 0x3fff && !isSpecial;
      const long = parts.map((part) => part.toString(16).padStart(4, '0')).join(':');
      const short = new URL(`http://[${long}]/`).hostname.slice(1, -1);
      for (const address of [long, long.toUpperCase(), short]) expect(mayConnect(address, false)).toBe(isPublic);
      expect(mayAsk(new URL(`https://[${long}]/`), false)).toBe(isPublic);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ...['http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://[::ffff:127.0.0.1]/'],
  ...['http://localhost/', 'http://LOCALHOST./', 'http://shop.localhost:3000/', 'http://shop.localhost./'],
  ...['http://169.254.169.254./', 'http://1０.0.0.1/'],
])('%s may not be asked, however it is written', (url) => {
  expect(mayAsk(new URL(url), false)).toBe(false);
});

test.each(['https://shop.example/', 'https://localhost.example/', 'https://notlocalhost/', 'https://1.1.1.1/'])(
  '%s may be asked, if its name leads to a public address',
  (url) => {
    expect(mayAsk(new URL(url), false)).toBe(true);
    expect(isThisMachine(new URL(url))).toBe(false);
  },
);

type Found = { error: Error | null; addresses: unknown };

function find(name: string, isLocal: boolean, all = true): Promise<Found> {
  return new Promise((resolve) => {
    createLookup(isLocal)(name, { all }, (error, addresses) => resolve({ error, addresses }));
  });
}

test('of the addresses of a name, sockets get the public ones', async () => {
  resolveTo({
    'mixed.example': ['10.0.0.1', '1.1.1.1', '::1', '2606:4700::1'],
    'private.example': ['10.0.0.1', '::1'],
  });
  expect((await find('mixed.example', false)).addresses).toEqual([
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ]);
  expect((await find('mixed.example', false, false)).addresses).toBe('1.1.1.1');
  expect((await find('private.example', false)).error).toBeInstanceOf(PrivateAddressError);
  expect((await find('none.example', false)).error).toMatchObject({ code: 'ENOTFOUND' });
});

test('names below .localhost are this machine without DNS', async () => {
  const { asked } = resolveTo({});
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  for (const name of ['localhost', 'shop.localhost', 'a.b.LOCALHOST.']) {
    expect((await find(name, true)).addresses).toEqual(both);
    expect((await find(name, false)).error).toBeInstanceOf(PrivateAddressError);
  }
  expect(asked).toEqual([]);
});

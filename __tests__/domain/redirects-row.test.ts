import { describe, expect, test } from '@jest/globals';
import { MAX_URL_CHARS, type RedirectRow } from '../../src/domain/redirects/redirect.ts';
import { parseRow } from '../../src/domain/redirects/row.ts';

function faultsOf(...cells: string[]): string[] {
  const parsed = parseRow(cells, 7);
  if (!Array.isArray(parsed)) throw new Error('The row is sound.');
  expect(new Set(parsed.map(({ line }) => line))).toEqual(new Set([7]));
  return parsed.map(({ message }) => message);
}

function rowOf(...cells: string[]): RedirectRow {
  const parsed = parseRow(cells, 7);
  if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed));
  return parsed;
}

describe('a sound row', () => {
  test('leads to a path, a URL, or a thing of the store', () => {
    expect(rowOf('www.example.com', '/a', '/b?c=d', '', '')).toEqual({
      domain: 'www.example.com',
      fromPath: '/a',
      target: { kind: 'manual', url: '/b?c=d' },
      line: 7,
    });
    expect(rowOf('www.example.com', '/a', 'https://other.example/ü, "x"', '', '').target).toEqual({
      kind: 'manual',
      url: 'https://other.example/ü, "x"',
    });
    for (const type of ['Product', 'Brand', 'Category', 'Page', 'Post']) {
      expect(rowOf('www.example.com', '/a', '', type, '12').target).toEqual({ kind: 'dynamic', type, id: 12 });
    }
  });

  test.each(['localhost', 'a-b.example', 'münchen.example', 'xn--mnchen-3ya.example', '1and1.example'])(
    'may be of the domain %s',
    (domain) => {
      expect(rowOf(domain, '/a', '/b', '', '').domain).toBe(domain);
    },
  );

  test('has its domain in lower case, and its paths as they are', () => {
    expect(rowOf('WWW.Example.COM', '/A', '/B', '', '')).toMatchObject({ domain: 'www.example.com', fromPath: '/A' });
  });

  test('may have odd targets, which are warned of elsewhere', () => {
    expect(rowOf('d.example', '/a#b', 'c', '', '').fromPath).toBe('/a#b');
  });

  test('may have 2,048 characters in its target, whatever they take as UTF-16', () => {
    expect(rowOf('d.example', '/a', `/${'x'.repeat(MAX_URL_CHARS - 1)}`, '', '').line).toBe(7);
    expect(rowOf('d.example', '/a', `/${'😀'.repeat(MAX_URL_CHARS - 1)}`, '', '').line).toBe(7);
    const sentence = 'Manual URL/Path has 2,049 characters; 2,048 are allowed.';
    expect(faultsOf('d.example', '/a', `/${'x'.repeat(MAX_URL_CHARS)}`, '', '')).toEqual([sentence]);
    expect(faultsOf('d.example', '/a', `/${'😀'.repeat(MAX_URL_CHARS)}`, '', '')).toEqual([sentence]);
  });
});

describe('the cells', () => {
  test('are five', () => {
    expect(faultsOf('d.example', '/a', '/b')).toEqual([
      'The row has 3 cells, not 5. Empty cells need their commas, too.',
    ]);
    expect(faultsOf('d.example', '/a', '/b', '', '', '')).toEqual([
      'The row has 6 cells, not 5. A value that contains a comma has to be quoted.',
    ]);
    expect(faultsOf('  ')).toEqual(['The line is not empty: it contains white space. Remove it.']);
    expect(faultsOf('', '', ' ', '', '')).toEqual(['The row is empty. Remove it.']);
  });

  test.each([
    ['begins', ' /a', '" /a"'],
    ['ends', '/a\u00a0', '"/a\\u00a0"'],
    ['begins', '\ufeff/a', '"\\ufeff/a"'],
    ['begins and ends', '\t/a ', '"\\t/a "'],
  ])('%s with white space: a fault', (how, path, shown) => {
    expect(faultsOf('d.example', path, '/b', '', '')).toEqual([
      `Old Path ${how} with white space: ${shown}. Remove it.`,
    ]);
  });

  test('white space is a fault in each of them', () => {
    expect(
      faultsOf(' d.example', '/a ', ' ', '', '').map((message) => message.split(/ (?:is|begins|ends) /)[0]),
    ).toEqual(['Domain', 'Old Path', 'Manual URL/Path']);
    expect(faultsOf('d.example', '/a', '', 'Product ', ' 1')).toEqual([
      'Dynamic Target Type ends with white space: "Product ". Remove it.',
      'Dynamic Target ID begins with white space: " 1". Remove it.',
    ]);
  });

  test.each([
    ['/a\nb', 'a line break', '"/a\\nb"'],
    ['/a\u0000b', 'a control character (U+0000)', '"/a\\u0000b"'],
    ['/a\u0085b', 'a control character (U+0085)', '"/a\\u0085b"'],
  ])('have no control characters: %j', (path, what, shown) => {
    expect(faultsOf('d.example', path, '/b', '', '')).toEqual([`Old Path contains ${what}: ${shown}.`]);
  });

  test.each(['/caf\ufffd', '/\ud800x'])('are valid UTF-8: %j', (path) => {
    expect(faultsOf('d.example', '/a', path, '', '')[0]).toMatch(
      /^Manual URL\/Path contains a character that is not valid UTF-8/,
    );
  });
});

describe('the domain', () => {
  test.each([
    ['https://www.example.com/x', 'www.example.com'],
    ['HTTP://Www.Example.com', 'www.example.com'],
    ['www.example.com/', 'www.example.com'],
    ['//www.example.com', 'www.example.com'],
    ['www.example.com:8443', 'www.example.com'],
    ['www.example.com.', 'www.example.com'],
  ])('is a host name: %s is none, and it says what to write', (domain, advice) => {
    expect(faultsOf(domain, '/a', '/b', '', '')).toEqual([
      `Domain is ${JSON.stringify(domain)}, which is not a host name. Write "${advice}": no scheme, port or path, and no dot at the end.`,
    ]);
  });

  test.each(['-a.example', 'a b.example', 'a..example', '_', 'a@b@c', 'x'.repeat(254)])('%j is none', (domain) => {
    expect(faultsOf(domain, '/a', '/b', '', '')).toHaveLength(1);
  });

  test('may be missing, as in a backup of a site whose domain is unknown', () => {
    expect(rowOf('', '/a', '/b', '', '').domain).toBe('');
    expect(faultsOf(' ', '/a', '/b', '', '')).toEqual(['Domain is only white space.']);
  });
});

describe('the old path', () => {
  test('begins with a slash', () => {
    expect(faultsOf('d.example', 'a', '/b', '', '')).toEqual(['Old Path is "a", which does not begin with "/".']);
    expect(faultsOf('d.example', 'https://d.example/a?b', '/b', '', '')).toEqual([
      'Old Path is "https://d.example/a?b", which does not begin with "/". Write only the path: "/a?b".',
    ]);
    expect(faultsOf('d.example', '', '/b', '', '')).toEqual(['Old Path is empty.']);
  });

  test('is cut in messages', () => {
    expect(faultsOf('d.example', 'x'.repeat(5000), '/b', '', '')[0]?.length).toBeLessThan(200);
  });
});

describe('the target', () => {
  test('is exactly one', () => {
    expect(faultsOf('d.example', '/a', '', '', '')).toEqual([
      'There is no target: give a Manual URL/Path, or a Dynamic Target Type and a Dynamic Target ID.',
    ]);
    const both =
      'There are two targets: give a Manual URL/Path, or a Dynamic Target Type and a Dynamic Target ID, not both.';
    expect(faultsOf('d.example', '/a', '/b', 'Product', '1')).toEqual([both]);
    expect(faultsOf('d.example', '/a', '/b', 'Product', '')).toEqual([
      both,
      'Dynamic Target ID is empty, but there is a Dynamic Target Type.',
    ]);
    expect(faultsOf('d.example', '/a', '', 'Product', '')).toHaveLength(1);
    expect(faultsOf('d.example', '/a', '', '', '1')).toEqual([
      'Dynamic Target Type is empty, but there is a Dynamic Target ID.',
    ]);
  });

  test('has a type that the platform knows, as it writes it', () => {
    expect(faultsOf('d.example', '/a', '', 'product', '1')).toEqual([
      'Dynamic Target Type is "product", which the platform does not know. Write "Product".',
    ]);
    expect(faultsOf('d.example', '/a', '', 'Url', '1')).toEqual([
      'Dynamic Target Type is "Url", which the platform does not know. It has to be one of Product, Brand, Category, Page, Post.',
    ]);
  });

  test('may have the id 0, as exports have it for what was deleted: whether it may stay, the site says', () => {
    expect(rowOf('d.example', '/a', '', 'Product', '0').target).toEqual({ kind: 'dynamic', type: 'Product', id: 0 });
  });

  test.each(['00', '-1', '1.5', '1e3', '007', '99999999999999999999', 'x', '１'])(
    'has an id, which %s is not',
    (id) => {
      expect(faultsOf('d.example', '/a', '', 'Product', id)).toEqual([
        `Dynamic Target ID is "${id}", which is not a positive whole number.`,
      ]);
    },
  );
});

test('all faults of a row are reported', () => {
  expect(faultsOf('https://d.example', 'a', '/b\u0007', 'product', '-1')).toHaveLength(6);
});

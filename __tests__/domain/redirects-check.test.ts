import { describe, expect, test } from '@jest/globals';
import { siteDomainOf } from '../../src/domain/redirects/address.ts';
import { checkRedirects, findResultingLoops } from '../../src/domain/redirects/check.ts';
import type { KnownRedirect, RedirectRow } from '../../src/domain/redirects/redirect.ts';

/** `/a > /b`, `other.example/a > Product 1`; rows begin at line 2. */
function rowsOf(...lines: string[]): RedirectRow[] {
  return lines.map((text, index) => {
    const [, domain, fromPath = '', to = ''] = /^([^/]*)(\S+) > (.*)$/.exec(text) ?? [];
    return { domain: domain === '-' ? '' : domain || 'd.example', fromPath, target: targetOf(to), line: index + 2 };
  });
}

function targetOf(to: string): RedirectRow['target'] {
  const id = /^Product (\d+)$/.exec(to)?.[1];
  return id === undefined ? { kind: 'manual', url: to } : { kind: 'dynamic', type: 'Product', id: Number(id) };
}

function known(id: number, fromPath: string, to: string, toUrl?: string): KnownRedirect {
  return { id, fromPath, target: targetOf(to), toUrl };
}

function findings(...lines: string[]) {
  const { problems, oddities } = checkRedirects(rowsOf(...lines));
  const text = ({ line, message }: { line: number; message: string }) => `${line}: ${message}`;
  return { problems: problems.map(text), warnings: oddities.flatMap(({ rows }) => rows.map(text)) };
}

const NONE = { problems: [], warnings: [] };

describe('duplicates', () => {
  test('name the line of the first', () => {
    const sentence = 'is already in line 2, with another target: /x.';
    expect(findings('/a > /x', '/b > /x', '/a > /y', '/a > Product 1')).toEqual({
      problems: [`4: d.example/a ${sentence}`, `5: d.example/a ${sentence}`],
      warnings: [],
    });
    expect(findings('/a#b > /x', '/a#b > /y').problems).toEqual([`3: d.example/a#b ${sentence}`]);
    expect(findings('/a/%C3%A4 > /x', '/a/ä > /x', '/a/ä > /y').problems).toEqual([
      '4: d.example/a/ä is already in line 3, with another target: /x.',
    ]);
  });

  test('with the same target are no error: they are reported, and count once', () => {
    const rows = rowsOf('/a > /x', '/p > Product 0', '/a > /x', '/p > Product 0', '/q#b > /x', '/q#b > /x');
    expect(findings('/a > /x', '/p > Product 0', '/a > /x', '/p > Product 0')).toEqual({
      problems: [],
      warnings: [
        '4: d.example/a is already in line 2, with the same target.',
        '5: d.example/p is already in line 3, with the same target.',
      ],
    });
    const { repeated, problems } = checkRedirects(rows);
    expect({ problems, repeated: [...repeated] }).toEqual({ problems: [], repeated: [2, 3, 5] });
  });

  test('are of one domain, and are written the same', () => {
    expect(findings('/a > /x', 'other.example/a > /x', '/a?b > /x')).toEqual(NONE);
    expect(findings('/a > /x', '/A > /y', '/a/ > /z').problems).toEqual([]);
    expect(findings('/ä > /x', '/%C3%A4 > /x', '/a/../b > /x', '/b > /x')).toEqual({
      problems: [],
      warnings: [
        '3: d.example/%C3%A4 is the same address as in line 2.',
        '5: d.example/b is the same address as in line 4.',
      ],
    });
  });

  test('are seen where one row names no domain', () => {
    expect(findings('-/a > /x', 'd.example/a > /y').problems).toEqual([
      '3: d.example/a is already in line 2, with another target: /x.',
    ]);
  });
});

describe('loops', () => {
  test('a redirect to itself is one, in whatever spelling', () => {
    for (const to of ['/a', 'https://d.example/a', 'HTTP://D.EXAMPLE:80/a#top', '//d.example/a', '/x/../a', 'a']) {
      expect(findings(`/a > ${to}`).problems).toEqual([`2: /a leads to itself: ${to}.`]);
    }
    for (const to of ['/a?b', '/A', '/a/', 'https://d.example:8443/a', 'https://e.example/a', 'mailto:/a']) {
      expect(findings(`/a > ${to}`).problems).toEqual([]);
    }
  });

  test('a query is part of an address, spelled plainly or not', () => {
    expect(findings('/a?b=c > /x', '/x2 > https://d.example/a?b=d')).toEqual(NONE);
    expect(findings('/ä?b=c > /x', '/x2 > https://d.example/%C3%A4?b=d')).toEqual(NONE);
    expect(findings('/ä?b=c > https://d.example/%C3%A4?b=c').problems).toHaveLength(1);
  });

  test('are reported once, with the whole circle and the lines; what runs into them is no chain', () => {
    expect(findings('/start > /b', '/c > /a', '/a > https://d.example/b', '/b > /c#x', '/x > /y', '/y > /x')).toEqual({
      problems: [
        '3: A loop of 3 redirects: /c → /a (line 4) → /b (line 5) → /c.',
        '6: A loop of 2 redirects: /x → /y (line 7) → /x.',
      ],
      warnings: [],
    });
  });

  test('go through several domains', () => {
    expect(findings('/a > https://other.example/b', 'other.example/b > http://D.example/a')).toEqual({
      problems: ['2: A loop of 2 redirects: d.example/a → other.example/b (line 3) → d.example/a.'],
      warnings: [],
    });
    expect(findings('münchen.example/a > https://XN--mnchen-3ya.example/a').problems).toHaveLength(1);
  });

  test('of rows without a domain are found, too', () => {
    expect(findings('-/a > /b', '-/b > /a').problems).toEqual(['2: A loop of 2 redirects: /a → /b (line 3) → /a.']);
    expect(findings('-/a > https://d.example/b', 'd.example/b > /a').problems).toHaveLength(1);
  });
});

describe('chains', () => {
  test('are reported once, with the whole chain', () => {
    expect(findings('/b > /c', '/a > /b', '/c > Product 1', '/z > /b').warnings).toEqual([
      '3: A chain of 3 redirects: /a → /b (line 2) → /c (line 4) → Product 1.',
      '5: A chain of 3 redirects: /z → /b (line 2) → /c (line 4) → Product 1.',
    ]);
    expect(findings('/a > /b', '/c > /b', '/x > Product 1')).toEqual(NONE);
  });

  test('are not found through an old path that nothing meets, nor through a duplicate', () => {
    expect(findings('/a > /b', '/b#x > /c').warnings).toEqual(['3: /b#x has a fragment (#…).']);
    expect(findings('/a > /x', '/a > /b', '/b > /c').warnings).toEqual([]);
  });

  test('a target that leads nowhere is warned of', () => {
    expect(findings('/a > www.e.example/x', '/b > mailto:x').warnings).toEqual([
      '2: www.e.example/x neither begins with "/" nor is an http(s) URL.',
      '3: mailto:x neither begins with "/" nor is an http(s) URL.',
    ]);
  });
});

describe('very many rows', () => {
  const LINKS = 200_000;
  const links = Array.from(
    { length: LINKS },
    (_, at): RedirectRow => ({
      domain: 'd.example',
      fromPath: `/${at}`,
      target: { kind: 'manual', url: `/${at + 1}` },
      line: at + 2,
    }),
  );

  test('a chain through all of them is shown with its ends', () => {
    const { problems, oddities } = checkRedirects(links.toReversed());
    expect(problems).toEqual([]);
    expect(oddities.flatMap(({ rows }) => rows.map(({ message }) => message))).toEqual([
      'A chain of 200,000 redirects: /0 → /1 (line 3) → /2 (line 4) → /3 (line 5) → /4 (line 6) → … 199,992 more … → ' +
        '/199997 (line 199999) → /199998 (line 200000) → /199999 (line 200001) → /200000.',
    ]);
  });

  test('a loop through all of them, too', () => {
    const last: RedirectRow = { ...(links.at(-1) as RedirectRow), target: { kind: 'manual', url: '/0' } };
    const { problems, oddities } = checkRedirects([...links.slice(0, -1), last]);
    expect(oddities).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      'A loop of 200,000 redirects: /0 → /1 (line 3) → /2 (line 4) → /3 (line 5) → /4 (line 6) → … 199,992 more … → ' +
        '/199997 (line 199999) → /199998 (line 200000) → /199999 (line 200001) → /0.',
    ]);
  });

  test('100,000 chains with 100,000 redirects in common take no longer; a thousand are stored, and all are counted', () => {
    const half = LINKS / 2;
    const shared = links.slice(0, half);
    const leaves = Array.from(
      { length: half },
      (_, at): RedirectRow => ({
        domain: 'd.example',
        fromPath: `/leaf${at}`,
        target: { kind: 'manual', url: '/0' },
        line: half + at + 2,
      }),
    );
    const [chains] = checkRedirects([...shared, ...leaves]).oddities;
    expect([chains?.title, chains?.count, chains?.rows.length]).toEqual(['Redirect chain', half, 1000]);
  }, 10_000);
});

/** Of a site that has none of the rows, unless it is said which. */
function resultingLoops(
  rows: RedirectRow[],
  staying: KnownRedirect[],
  domain: string | undefined,
  inPlace: readonly string[] = [],
) {
  return findResultingLoops(rows, staying, domain, ({ fromPath }) => inPlace.includes(fromPath));
}

describe('loops of the site', () => {
  test('with rows of the file are distinguished from those of redirects that stay', () => {
    const staying = [
      known(1, '/c', '/a'),
      known(2, '/x', '/y'),
      known(3, '/y', 'https://d.example/x'),
      known(4, '/s', '/s'),
    ];
    expect(resultingLoops(rowsOf('/a > /b', '/b > https://D.example/c', '/q > /r'), staying, 'd.example')).toEqual({
      loops: [{ line: 2, message: 'A loop of 3 redirects: /a → /b (line 3) → /c (on the site) → /a.' }],
      loopCount: 1,
      known: [],
      knownCount: 0,
      staying: [
        'A loop of 2 redirects: /x (on the site) → /y (on the site) → /x (on the site).',
        '/s (on the site) leads to itself: /s.',
      ],
      stayingCount: 2,
    });
  });

  test('are known where the site has all of their rows just so', () => {
    const rows = rowsOf('/a > /b', '/b > /a', '/s > /s', '/t > /u');
    const [loop, own] = ['A loop of 2 redirects: /a → /b (line 3) → /a.', '/s leads to itself: /s.'];
    expect(resultingLoops(rows, [], 'd.example', ['/a', '/s', '/b'])).toMatchObject({
      loops: [],
      known: [
        { line: 2, message: loop },
        { line: 4, message: own },
      ],
      knownCount: 2,
    });
    expect(resultingLoops(rows, [known(1, '/u', '/t')], 'd.example', ['/a', '/s'])).toMatchObject({
      loops: [{ line: 2 }, { line: 5 }],
      loopCount: 2,
      known: [{ line: 4, message: own }],
    });
  });

  test('are found for rows without a domain, and where the domain of the site is not known', () => {
    const staying = [known(1, '/b', 'https://d.example/a')];
    expect(resultingLoops(rowsOf('-/a > /b'), staying, 'd.example').loopCount).toBe(1);
    expect(resultingLoops(rowsOf('/a > /b'), staying, undefined).loopCount).toBe(1);
    expect(resultingLoops(rowsOf('-/a > /b'), staying, undefined).loopCount).toBe(0);
    expect(resultingLoops(rowsOf('-/a > /b'), [known(1, '/b', '/a')], undefined).loopCount).toBe(1);
  });

  test('the file counts before what stays at the same address; a dynamic target ends the way', () => {
    expect(resultingLoops(rowsOf('/ä > /new'), [known(1, '/%C3%A4', '/ä')], 'd.example').stayingCount).toBe(0);
    const dynamic = known(1, '/b', 'Product 1', 'https://d.example/a');
    expect(resultingLoops(rowsOf('/a > /b'), [dynamic], 'd.example').loopCount).toBe(0);
  });
});

describe('the domain of a site', () => {
  test('is where targets within the site lead to', () => {
    expect(siteDomainOf([])).toBeUndefined();
    expect(
      siteDomainOf([known(1, '/a', '/b'), known(2, '/c', 'https://e.example/', 'https://e.example/')]),
    ).toBeUndefined();
    expect(
      siteDomainOf([known(1, '/a', '/b', '/b'), known(2, '/a', '//e.example/x', 'https://e.example/x')]),
    ).toBeUndefined();
    expect(siteDomainOf([known(1, '/a', '/b', 'https://D.example/b')])).toEqual(new Set(['d.example']));
    expect(siteDomainOf([known(1, '/a', 'Product 1', 'http://d.example:8080/p')])).toEqual(new Set(['d.example']));
  });

  test('is one of several where they disagree', () => {
    const current = [known(1, '/a', '/b', 'https://d.example/b'), known(2, '/c', 'Product 1', 'https://e.example/p')];
    expect(siteDomainOf(current)).toEqual(new Set(['d.example', 'e.example']));
  });
});

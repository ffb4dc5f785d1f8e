import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ignore from 'ignore';
import { excludePattern, nameProblem, printableName, refusedName } from '../../src/domain/bundle-names.ts';
import { mayBeRefused, REFUSED_RULES } from '../../src/domain/refused-names.ts';

describe('refused names', () => {
  test.each([
    ['.env', '.env', 'file'],
    ['a/.env.local', 'a/.env.local', 'file'],
    ['a/.ENV', 'a/.ENV', 'file'],
    ['a/.env/b/c', 'a/.env', 'folder'],
    ['.git/config', '.git', 'folder'],
    ['sub/.git', 'sub/.git', 'file'],
    ['x/y/.npmrc', 'x/y/.npmrc', 'file'],
    ['.git/.env', '.git', 'folder'],
    ['a/.ssh/.git/x', 'a/.ssh', 'folder'],
    ['.dev.vars', '.dev.vars', 'file'],
    ['x/.dev.vars.production', 'x/.dev.vars.production', 'file'],
    ['.netrc', '.netrc', 'file'],
    ['_netrc', '_netrc', 'file'],
    ['.git-credentials', '.git-credentials', 'file'],
    ['.gitconfig', '.gitconfig', 'file'],
    ['home/.AWS/credentials', 'home/.AWS', 'folder'],
    ['.ssh/id_rsa', '.ssh', 'folder'],
    ['.kube/config', '.kube', 'folder'],
    ['.docker/config.json', '.docker/config.json', 'file'],
    ['a/.docker/config.json/x', 'a/.docker/config.json', 'folder'],
    ['.dockercfg', '.dockercfg', 'file'],
    ['.pypirc', '.pypirc', 'file'],
    ['.yarnrc.yml', '.yarnrc.yml', 'file'],
    ['.cargo/credentials.toml', '.cargo/credentials.toml', 'file'],
    ['.m2/settings.xml', '.m2/settings.xml', 'file'],
    ['.config/gcloud/x.db', '.config/gcloud', 'folder'],
    ['.config/gh/hosts.yml', '.config/gh', 'folder'],
    ['.gnupg/x', '.gnupg', 'folder'],
    ['.azure/x', '.azure', 'folder'],
    ['.wrangler/config/default.toml', '.wrangler', 'folder'],
    ['.pgpass', '.pgpass', 'file'],
    ['.my.cnf', '.my.cnf', 'file'],
    ['.htpasswd', '.htpasswd', 'file'],
    ['.vault-token', '.vault-token', 'file'],
    ['.sentryclirc', '.sentryclirc', 'file'],
    ['assets/secrets.stencil.json', 'assets/secrets.stencil.json', 'file'],
    ['.cloudflared/cert.json', '.cloudflared', 'folder'],
    ['.oci/config', '.oci', 'folder'],
    ['.config/stripe/config.toml', '.config/stripe', 'folder'],
    ['keys/id_ed25519', 'keys/id_ed25519', 'file'],
    ['a/cert.P12', 'a/cert.P12', 'file'],
    ['a/release.keystore', 'a/release.keystore', 'file'],
    ['.bash_history', '.bash_history', 'file'],
    ['.psql_history', '.psql_history', 'file'],
  ])('%s is refused', (name, refused, kind) => {
    expect(refusedName(name)).toMatchObject({ name: refused, kind });
  });

  test.each([
    ...['env', 'a.env', '.gitignore', '.gitattributes', '.github/x', 'npmrc', 'worker.js', 'x.git/y', '.dev'],
    ...['aws/x', 'x.aws', '.awsome', '.docker/other.json', 'docker/config.json', '.docker', '.config/x', 'gcloud/x'],
    ...[
      'id_rsa.pub',
      'my_id_rsa',
      'id_rsa-notes.md',
      'p12',
      'keystore',
      'a.p12.js',
      'netrc',
      '.well-known/security.txt',
    ],
    ...['credentials.json', 'settings.xml', '.kubernetes', 'ssh/config', '.htaccess', 'history', '.history'],
  ])('%s is not', (name) => {
    expect(refusedName(name)).toBeUndefined();
  });

  test('a long name is checked quickly', () => {
    const started = performance.now();
    for (const piece of ['.env', 'a.p1', '/a', '.', 'id_rsa', '.docker/']) refusedName(piece.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the check before the rules', () => {
  /** What is between the slash before a match and the one behind it. */
  const SOURCES = REFUSED_RULES.map(
    ({ expression }) => /^\(\?:\^\|\\\/\)(.*)\(\?:\\\/\|\$\)$/.exec(expression.source)?.[1],
  );
  const part = fc.string({ unit: 'binary', maxLength: 4 }).map((text) => text.replaceAll('/', ''));
  const around = fc.tuple(fc.option(part), fc.option(part));
  const place = (name: string, [before, after]: [string | null, string | null]) =>
    `${before === null ? '' : `${before}/`}${name}${after === null ? '' : `/${after}`}`;
  const isMatched = (name: string) => REFUSED_RULES.some(({ expression }) => expression.test(name));

  test.each(SOURCES)('lets all pass that %s matches', (source) => {
    const matches = fc.stringMatching(new RegExp(`^${source}$`));
    fc.assert(
      fc.property(fc.mixedCase(matches), around, (match, parts) => {
        const name = place(match, parts);
        expect([name, isMatched(name), mayBeRefused(name)]).toEqual([name, true, true]);
        expect(refusedName(name)).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test('changes the answer for no name', () => {
    const piece = fc.constantFrom(
      ...[
        '.',
        '_',
        '/',
        '\\',
        '\n',
        'x',
        'K',
        '\u017f',
        '\u212a',
        '\u0130',
        'env',
        'git',
        'netrc',
        'id_',
        'rsa',
        'ſecrets.',
        'secrets.',
      ],
      ...[
        'stencil.json',
        '.p12',
        '.keystore',
        '.ppk',
        '.\u212aeystore',
        '.aws',
        '.dev.vars',
        'sh_history',
        '.config/',
        'gh',
      ],
    );
    const names = fc.array(fc.mixedCase(piece), { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(names, fc.string({ unit: 'binary' })), (name) => {
        expect(refusedName(name) !== undefined).toBe(isMatched(name));
      }),
      { numRuns: 5_000 },
    );
  });

  test('keeps the names of a usual build from the rules', () => {
    const usual = [
      'worker.js',
      'assets/_next/static/chunks/main.js',
      'assets/images/logo.svg',
      'assets/secrets/id.css',
    ];
    expect(usual.filter(mayBeRefused)).toEqual([]);
  });
});

describe('names that no zip can carry', () => {
  test.each([
    'a\\b',
    'a\nb',
    'a\u0000',
    'a\u0085',
    '../a',
    'a/../b',
    'a/..',
    './a',
    'a//b',
    '/a',
    'a/.. /b',
    '...',
    '\ud800',
  ])('%j is refused', (name) => {
    expect(nameProblem(name)).toEqual(expect.any(String));
  });

  test('a name is measured in bytes, with its prefix', () => {
    const long = `${'é'.repeat(127)}/`.repeat(256);
    expect(nameProblem(`${long}${'a'.repeat(248)}`)).toBeUndefined();
    expect(nameProblem(`${long}${'a'.repeat(249)}`)).toMatch(/65,535/);
    expect(nameProblem(`a/${'é'.repeat(127)}a/b`)).toBeUndefined();
    expect(nameProblem(`a/${'é'.repeat(128)}/b`)).toMatch(/255 bytes/);
  });

  test.each(['a', '..a', 'a..', '.well-known/x', 'ünï/日本.js', 'a b', '[id].js', '-x', '~', 'C:x'])(
    '%j is fine',
    (name) => {
      expect(nameProblem(name)).toBeUndefined();
    },
  );
});

test('a printed name contains nothing that a terminal interprets, and is short', () => {
  expect(printableName('a\n::error::\u001b[0m\u202eb\\')).toBe('a\\u{a}::error::\\u{1b}[0m\\u{202e}b\\\\');
  expect(printableName(Buffer.from([0x61, 0xff, 0x0a]))).toBe('a\\xff\\x0a');
  expect(printableName('x'.repeat(70_000)).length).toBeLessThan(400);
});

test('an exclude pattern matches its own path and no other', () => {
  const leaf = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...'ab.*?[]!#\\ {}()+^$|,~-@%&;=\'"é日'.split('')),
        fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
      ),
      minLength: 1,
      maxLength: 8,
    })
    .filter((part) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\uFFFD]/u.test(part) && !/^[. ]+$/.test(part))
    // No name has one on Windows, where it separates folders.
    .filter((part) => process.platform !== 'win32' || !part.includes('\\'));
  const path = fc.array(leaf, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(path, path, (name, other) => {
      for (const kind of ['file', 'folder'] as const) {
        const rules = ignore({ ignorecase: false }).add(excludePattern(name, kind));
        const suffix = kind === 'folder' ? '/' : '';
        expect(rules.ignores(name + suffix)).toBe(true);
        if (other !== name && other.slice(0, name.length + 1) !== `${name}/`)
          expect(rules.ignores(other + suffix)).toBe(false);
        expect(rules.ignores(`x/${name}${suffix}`)).toBe(false);
        expect(rules.ignores(`${name}x${suffix}`)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createSbom, sbomProblems, shippedPackages } from '../../../scripts/release/sbom.ts';
import { timeoutMs } from '../../timeouts.ts';

const ROOT = join(import.meta.dirname, '../../..');

test(
  'the SBOM of HEAD is valid, has all packages that dist/ may hold',
  () => {
    const text = createSbom(ROOT, 'HEAD');
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(sbomProblems(text, manifest)).toEqual([]);
    const names = new Set(JSON.parse(text).components.map((one: { name: string }) => one.name));
    const bundled = readFileSync(join(ROOT, 'dist/licenses.txt'), 'utf8').match(/^@[a-z-]+\/[a-z-]+$/gm) ?? [];
    expect(bundled.length).toBeGreaterThan(20);
    expect(bundled.filter((name) => !names.has(name))).toEqual([]);
    for (const name of ['jest', 'typescript', 'stub', 'unzip-stream']) expect(names).not.toContain(name);
  },
  timeoutMs(60_000),
);

const COMPONENT = {
  type: 'library',
  name: '@a/b',
  version: '1.0.0',
  purl: 'pkg:npm/%40a/b@1.0.0',
  'bom-ref': '@a/b@1.0.0',
};
const BOM = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: 'urn:uuid:12345678-1234-8234-8234-123456789abc',
  version: 1,
  metadata: {
    timestamp: '2026-01-31T00:00:00.000Z',
    component: { type: 'library', name: 'it', version: '1.2.3', purl: 'pkg:npm/it@1.2.3', 'bom-ref': 'it@1.2.3' },
  },
  components: [COMPONENT],
  dependencies: [{ ref: 'it@1.2.3', dependsOn: ['@a/b@1.0.0'] }],
};
const EXPECTED = { name: 'it', version: '1.2.3', dependencies: { '@a/b': '1.0.0' } };

test.each([
  ['nothing', {}, []],
  ['its format', { bomFormat: 'SPDX' }, ['SBOM: bomFormat is not what CycloneDX says.']],
  ['its version of CycloneDX', { specVersion: '2' }, ['SBOM: specVersion is not what CycloneDX says.']],
  ['its serial number', { serialNumber: 'urn:uuid:1' }, ['SBOM: serialNumber is not what CycloneDX says.']],
  ['its own version', { version: '1' }, ['SBOM: version is not what CycloneDX says.']],
  [
    'its date',
    { metadata: { ...BOM.metadata, timestamp: 'now' } },
    ['SBOM: metadata.timestamp is not what CycloneDX says.'],
  ],
  [
    'what it is of',
    { metadata: { ...BOM.metadata, component: { ...BOM.metadata.component, version: '1.2.2' } } },
    ['SBOM: it is of it@1.2.2, not of it@1.2.3.'],
  ],
  [
    "a component's address",
    { components: [{ ...COMPONENT, purl: 'pkg:npm/b@1.0.0' }] },
    ['SBOM: the purl of @a/b@1.0.0 is pkg:npm/b@1.0.0, not pkg:npm/%40a/b@1.0.0.'],
  ],
  [
    "a component's type",
    { components: [{ ...COMPONENT, type: undefined }] },
    ['SBOM: a component lacks its type, name or version: @a/b@1.0.0.'],
  ],
  ['two components of one name', { components: [COMPONENT, COMPONENT] }, ['SBOM: its bom-refs are not unique.']],
  [
    'a dependency',
    { components: [], dependencies: [{ ref: 'it@1.2.3', dependsOn: ['@a/b@1.0.0'] }] },
    ['SBOM: @a/b@1.0.0 is named, but no component.', 'SBOM: @a/b@1.0.0 is missing.'],
  ],
])('%s is wrong', (_name, change, problems) => {
  expect(sbomProblems(JSON.stringify({ ...BOM, ...change }), EXPECTED)).toEqual(problems);
});

test('what is no JSON is no SBOM', () => {
  expect(sbomProblems('npm error', EXPECTED)).toEqual(['SBOM: it is no JSON.']);
});

test('stubs and packages of development are left out, and the package that a stub stands for elsewhere stays', () => {
  const [manifest, lock] = shippedPackages(
    {
      ...{ name: 'it', version: '1.2.3', dependencies: { a: '1.0.0', c: '1.0.0' }, devDependencies: { d: '1.0.0' } },
      ...{ optionalDependencies: { node: '24.0.0' }, overrides: { c: '1.0.0', a: { c: 'file:../../stub' } } },
    },
    {
      packages: {
        '': {
          dependencies: { a: '1.0.0', c: '1.0.0' },
          devDependencies: { d: '1.0.0' },
          optionalDependencies: { node: '24.0.0' },
        },
        'node_modules/a': { dependencies: { c: '^1.0.0', e: '^1.0.0' } },
        'node_modules/a/node_modules/c': { link: true },
        'node_modules/c': {},
        'node_modules/d': { dev: true },
        'node_modules/e': { link: true },
        stub: {},
      },
    },
  );
  expect(manifest).toEqual({
    ...{ name: 'it', version: '1.2.3', dependencies: { a: '1.0.0', c: '1.0.0' }, overrides: { c: '1.0.0' } },
  });
  expect(lock.packages).toEqual({
    '': { dependencies: { a: '1.0.0', c: '1.0.0' } },
    'node_modules/a': { dependencies: {} },
    'node_modules/c': { dependencies: {} },
  });
});

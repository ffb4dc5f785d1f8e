/** A deployment as most of them are. */
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { good, verified } from './verifications.ts';

const COMMIT = {
  sha: `dcad42c${'1'.repeat(33)}`,
  url: 'https://github.com/acme/storefront/commit/dcad42c',
  origin: 'main',
};

/** A success in production, verified. */
export const USUAL: DeployRecord = {
  outcome: 'deployed',
  startedAt: new Date('2026-11-29T19:56:11Z'),
  durationMs: 65_400,
  correlationId: 'a64d076d-b898-4d4e-a429-6271e3a978c1',
  networkUsed: true,
  dryRun: false,
  remote: { stage: 'completed', deploymentUuid: '402e092e-7545-4ceb-8441-7e3501995bf6' },
  project: { uuid: '61bce7f6-2b1e-444f-9a5d-887210c609f3', name: 'demo-storefront' },
  deployments: [{ uuid: '402e092e-7545-4ceb-8441-7e3501995bf6' }],
  urls: ['https://demo-storefront-61bce7f6.storefront.example'],
  environment: 'production',
  githubDeployment: { id: 4294967941, url: 'https://github.com/acme/storefront/deployments/production' },
  commit: COMMIT,
  artifact: {
    id: 3100000758,
    name: 'storefront-demo-storefront-attempt-1.zip',
    url: 'https://github.com/acme/storefront/actions/runs/1/artifacts/3100000758',
    digest: 'ab'.repeat(32),
  },
  variables: [
    { key: 'BIGCOMMERCE_STORE_HASH', type: 'plain_text' },
    { key: 'BIGCOMMERCE_STOREFRONT_TOKEN', type: 'secret' },
  ],
  phases: [
    { title: 'Package', startMs: 0, endMs: 1000, state: 'done', result: '40 files, 1.2 MB zipped' },
    {
      title: 'Find project',
      startMs: 1000,
      endMs: 1100,
      state: 'done',
      result: 'demo-storefront is 61bce7f6-2b1e-444f-9a5d-887210c609f3',
    },
    { title: 'Show on GitHub', startMs: 1100, endMs: 2900, state: 'done', result: 'GitHub deployment 4294967941' },
    {
      title: 'Follow deployment',
      startMs: 2900,
      endMs: 62_000,
      state: 'done',
      result: 'completed: https://demo-storefront-61bce7f6.storefront.example',
    },
    { title: 'Verify', startMs: 62_000, endMs: 65_400, state: 'done', result: '3 pages work' },
  ],
  warnings: [],
  verification: verified('healthy', [
    good('/'),
    good('/cart'),
    good('/products/a-very-long-name-of-a-product-that-no-phone-has-room-for'),
  ]),
  bundle: {
    path: '/tmp/bundle.zip',
    buildId: 'Xb7Qm2Kf0aZsLr9cVw1Te',
    sizeBytes: 1_258_291,
    sha256: 'f'.repeat(64),
    files: [
      { name: 'worker.js', sizeBytes: 1_468_006 },
      ...Array.from({ length: 39 }, (_, index) => ({
        name: `assets/_next/static/chunks/a-long-name-of-a-chunk-with-its-hash-0123456789abcdef-${index}.js`,
        sizeBytes: 20_000,
      })),
    ],
    unzippedBytes: 2_248_006,
    warnings: [],
    notes: ['2 files were left out.'],
  },
};

/** Other successes, each with what may come on top. */
export const SUCCESSES: readonly (readonly [string, DeployRecord])[] = [
  ['usual', USUAL],
  ['of a pull request', { ...USUAL, environment: 'preview', commit: { ...COMMIT, origin: '#1234' } }],
  [
    'rollback',
    {
      ...USUAL,
      source: {
        kind: 'rollback',
        deployment: {
          id: 4294967000,
          url: 'https://github.com/acme/storefront/deployments/production',
          environment: 'production',
          succeededAt: '2026-11-28T19:56:11Z',
        },
        replaced: { id: 4294967900, commit: { ...COMMIT, sha: `cd05952${'2'.repeat(33)}` } },
        commit: COMMIT,
        run: { id: '17301540021', url: 'https://github.com/acme/storefront/actions/runs/17301540021' },
        artifactId: 3100000700,
      },
    },
  ],
  [
    'with a site URL',
    {
      ...USUAL,
      siteUrl: { channelId: 1, state: 'updated', url: 'https://www.example.com', before: 'https://old.example.com' },
    },
  ],
  [
    'not verified',
    { ...USUAL, verification: verified('skipped', [], { reason: 'The platform named no address to ask.' }) },
  ],
];

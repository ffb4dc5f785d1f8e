import base from '../jest.config.js';

// Large bundles, real waiting times and the vendor's own tool: minutes, not seconds. .ci/run runs these too.
/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '..',
  testMatch: ['<rootDir>/__tests__/**/*.heavy.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globals: { IDLE_TIMEOUT_MS: 300_000 },
  // They wait far more than they work.
  maxWorkers: 4,
};

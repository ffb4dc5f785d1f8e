// Node 24 strips the types itself, so there is no transformer; tests are ES modules (--experimental-vm-modules).
/** @type {import('jest').Config} */
export default {
  transform: {},
  setupFiles: ['<rootDir>/__tests__/runner-environment.js'],
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.heavy\\.test\\.ts$'],
  testTimeout: 30_000,
  maxWorkers: 3,
};

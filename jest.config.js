// Node 24 strips the types itself, so there is no transformer; tests are ES modules (--experimental-vm-modules).
/** @type {import('jest').Config} */
export default {
  transform: {},
  setupFiles: ['<rootDir>/__tests__/runner-environment.js'],
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.heavy\\.test\\.ts$'],
  // Longer on a machine that has other work: see __tests__/timeouts.ts.
  globals: { IDLE_TIMEOUT_MS: 30_000 },
  setupFilesAfterEnv: ['<rootDir>/__tests__/set-timeout.ts'],
  maxWorkers: 3,
  // A worker of a busy machine needs longer to end than Jest's half a second; one that takes this long holds something open.
  workerGracefulExitTimeout: 10_000,
};

/**
 * Import this, and then by `await import` what sends requests: tries follow each other without the waits between them. What
 * a server asks for is still waited for.
 */
import { jest } from '@jest/globals';

const { default: pRetry } = await import('p-retry');
jest.unstable_mockModule('p-retry', () => ({
  default: (call: never, options: object) => pRetry(call, { ...options, minTimeout: 0, maxTimeout: 0 }),
}));

// Runs before each test file: the timeout of its tests, from what the configuration gives for an idle machine.
import { jest } from '@jest/globals';
import { timeoutMs } from './timeouts.ts';

jest.setTimeout(timeoutMs(Number((globalThis as { IDLE_TIMEOUT_MS?: number }).IDLE_TIMEOUT_MS)));

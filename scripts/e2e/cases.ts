/** All there are; one more is a row more in one of these files. */
import type { Case } from './case.ts';
import { OUTCOMES } from './cases/outcomes.ts';
import { PRODUCTION } from './cases/production.ts';
import { SETTINGS } from './cases/settings.ts';

export const CASES: readonly Case[] = [...PRODUCTION, ...OUTCOMES, ...SETTINGS];

/** Examples that act cannot run, with the reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {};

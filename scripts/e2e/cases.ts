/** All there are; one more is a row more in one of these files. */
import type { Case } from './case.ts';
import { INTEGRATION } from './cases/integration.ts';
import { MANY_STOREFRONTS } from './cases/many-storefronts.ts';
import { OUTCOMES } from './cases/outcomes.ts';
import { PREVIEWS } from './cases/previews.ts';
import { PRODUCTION } from './cases/production.ts';
import { REDIRECTS } from './cases/redirects.ts';
import { ROLLBACK } from './cases/rollback.ts';
import { SETTINGS } from './cases/settings.ts';
import { STRANGER } from './cases/stranger.ts';
import { UPLOADS } from './cases/uploads.ts';

export const CASES: readonly Case[] = [
  // They wait the longest: the others run meanwhile.
  ...INTEGRATION,
  ...UPLOADS,
  ...STRANGER,
  ...PRODUCTION,
  ...MANY_STOREFRONTS,
  ...OUTCOMES,
  ...SETTINGS,
  ...PREVIEWS,
  ...ROLLBACK,
  ...REDIRECTS,
];

/** Written workflows that act cannot run, with the reason. */
export const NOT_RUN: ReadonlyMap<string, string> = new Map();

import { HOME_PAGE, type PathCheck } from '../domain/verification/checks.ts';
import { choiceParser, parseBoolean, parseNewProjectName, secondsParser } from './parsers.ts';
import { acceptParsed, type ReadContext, readText, readValue } from './readers.ts';
import { readVerifyHeaders } from './verify-headers.ts';
import { readVerifyPaths } from './verify-paths.ts';

/** How a deployed storefront is verified. */
export interface VerificationInputs {
  /** At least one. */
  paths: readonly PathCheck[];
  /** Names in lower case. Their values are masked. */
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  onFailure: 'fail' | 'warn' | 'rollback';
  /** Errors that the worker logs while its pages are asked are shown, or are a failure, too. */
  logs: 'show' | 'fail' | 'off';
  rehearsal: RehearsalInputs | undefined;
}

/** Where a bundle is deployed first. */
export interface RehearsalInputs {
  /** Name of the project. */
  project: string;
  /** A rehearsal that is inconclusive stops the deployment, too. */
  isStrict: boolean;
  /** Make the project if there is none of that name. */
  createIfMissing: boolean;
}

/** Defaults, the same as in each `action.yml`. */
const DEFAULTS = { verify: 'auto', timeoutMs: 60_000, onFailure: 'fail', logs: 'show' } as const;
const MAX_TIMEOUT_SECONDS = 600;
const REHEARSAL = 'rehearsal-project';
const STRICT = 'rehearsal-strict';

const parseVerify = choiceParser(['auto', 'off']);
const parseTimeout = secondsParser(1, MAX_TIMEOUT_SECONDS);
const parseOnFailure = choiceParser(['fail', 'warn', 'rollback']);
const parseLogs = choiceParser(['show', 'fail', 'off']);

/**
 * @param createsProjects whether a project that is missing is made
 * @returns undefined if an input is wrong, which is then in `problems`
 */
export function readVerification(
  context: ReadContext,
  createsProjects: boolean,
): VerificationInputs | 'off' | undefined {
  const verify = readValue(context, 'verify', parseVerify, DEFAULTS.verify);
  const paths = readVerifyPaths(context);
  const headers = readVerifyHeaders(context);
  const timeoutMs = readValue(context, 'verify-timeout-seconds', parseTimeout, DEFAULTS.timeoutMs);
  const onFailure = readValue(context, 'on-verify-failure', parseOnFailure, DEFAULTS.onFailure);
  const logs = readValue(context, 'verify-logs', parseLogs, DEFAULTS.logs);
  const rehearsal = readRehearsal(context, verify === 'off', createsProjects);
  if (verify === undefined || paths === undefined || headers === undefined) return undefined;
  if (timeoutMs === undefined || onFailure === undefined || logs === undefined) return undefined;
  if (rehearsal === undefined) return undefined;
  if (verify === 'off') {
    warnOfIgnored(context, {
      'verify-paths': paths.length > 0,
      'verify-headers': Object.keys(headers).length > 0,
      'verify-timeout-seconds': timeoutMs !== DEFAULTS.timeoutMs,
      'on-verify-failure': onFailure !== DEFAULTS.onFailure,
      'verify-logs': logs !== DEFAULTS.logs && logs !== 'off',
    });
    return 'off';
  }
  const checks = paths.length === 0 ? [HOME_PAGE] : paths;
  return { paths: checks, headers, timeoutMs, onFailure, logs, rehearsal: rehearsal ?? undefined };
}

function warnOfIgnored({ problems }: ReadContext, given: Readonly<Record<string, boolean>>): void {
  for (const [input, isGiven] of Object.entries(given)) {
    if (isGiven) problems.warn(`${input}: it is ignored, since \`verify\` is "off".`);
  }
}

/** Null where none is wished for. */
function readRehearsal(
  context: ReadContext,
  isOff: boolean,
  createIfMissing: boolean,
): RehearsalInputs | null | undefined {
  const { source, problems } = context;
  const project = readText(source, REHEARSAL);
  const isStrict = readValue(context, STRICT, parseBoolean, false);
  if (project === '') {
    if (isStrict !== true) return isStrict === false ? null : undefined;
    problems.add({
      input: STRICT,
      problem: `It is true, but there is no \`${REHEARSAL}\`.`,
      remedy: `Give \`${REHEARSAL}\`, or leave \`${STRICT}\` out.`,
    });
    return undefined;
  }
  const problem = isOff
    ? { problem: 'It is given together with `verify: off`, and a rehearsal is nothing but a verification.' }
    : project === readText(source, 'project-name')
      ? { problem: 'It names the project of `project-name`, which is what a rehearsal is to keep safe.' }
      : undefined;
  if (problem !== undefined) {
    const remedy = isOff ? 'Give only one of the two.' : 'Name another project: what fails there is seen by nobody.';
    problems.add({ input: REHEARSAL, ...problem, remedy });
    return undefined;
  }
  const isNameUsable =
    !createIfMissing ||
    acceptParsed(problems, REHEARSAL, parseNewProjectName(project), { text: project }) !== undefined;
  return isNameUsable && isStrict !== undefined ? { project, isStrict, createIfMissing } : undefined;
}

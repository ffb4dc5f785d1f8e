/** Rules on `worker.js`, which the platform runs, and on the modules beside it that it loads. */

import type { BundleFile, BundleOrigin } from './bundle.ts';
import { asClause, bundleLabel, leavingOut } from './bundle-advice.ts';
import { OUTPUT_PREFIX, printableName, WORKER_NAME } from './bundle-names.ts';

const MAX_NAMED = 3;
const WASM = '.wasm';

/**
 * What is wrong with the worker, in a few sentences: it is missing, or it is empty. If others of its name exist, they
 * are named, with the input that selects them.
 */
export function workerProblem(files: readonly BundleFile[], origin: BundleOrigin): string | undefined {
  const worker = files.find(({ name }) => name === WORKER_NAME);
  if (worker !== undefined && worker.sizeBytes > 0) return undefined;
  const label = bundleLabel(WORKER_NAME, origin);
  if (worker !== undefined) return `${label}: it is empty, and the platform runs it. ${finishBuild(origin)}`;
  const folder = origin.kind === 'directory' && origin.directory !== '.' ? origin.directory : 'the working directory';
  const where = origin.kind === 'zip' ? 'in the zip' : `at the top of ${folder}`;
  const others = files
    .map(({ name }) => name)
    .filter((name) => leafOf(name).toLowerCase() === WORKER_NAME)
    .sort((a, b) => depthOf(a) - depthOf(b));
  return `There is no ${label} ${where}, and the platform runs it. ${findingAdvice(others, origin)}`;
}

/** If `exclude` leaves out the worker. @param pattern the one that does */
export function excludedWorkerProblem(pattern: string): string {
  return (
    `${WORKER_NAME}: it is left out by the pattern ${JSON.stringify(pattern)} of \`exclude\`, and the platform runs it. ` +
    `Add the line !/${WORKER_NAME} after it, or remove it.`
  );
}

function findingAdvice(others: readonly string[], origin: BundleOrigin): string {
  const [first] = others;
  if (first === undefined) {
    return origin.kind === 'zip'
      ? `Make the zip of what the build writes, with ${WORKER_NAME} at the top of its folder ${OUTPUT_PREFIX}.`
      : `${finishBuild(origin)} Or set the input \`directory\` to the folder that the build writes.`;
  }
  const labels = others.slice(0, MAX_NAMED).map((name) => bundleLabel(name, origin));
  const rest = others.length > labels.length ? `, and ${others.length - labels.length} more` : '';
  const found = `There is one at ${labels.join(', ')}${rest}:`;
  if (depthOf(first) === 0) return `${found} its name must be in lower case.`;
  if (origin.kind === 'zip') {
    return `${found} make the zip again, with what that folder holds directly under ${OUTPUT_PREFIX}.`;
  }
  if (others.length > 1) return `${found} set the input \`directory\` to the folder of the right one.`;
  const folder = printableName(first.slice(0, -leafOf(first).length - 1));
  const base = origin.directory === '.' ? '' : `${origin.directory}/`;
  return `${found} set the input \`directory\` to ${base}${folder}`;
}

function finishBuild(origin: BundleOrigin): string {
  return origin.kind === 'zip'
    ? 'Let the build finish before the zip is made.'
    : 'Let the build finish before this step.';
}

/** The WebAssembly modules beside the worker, which refers to them by name. */
export function modulesBesideWorker(files: readonly { name: string }[]): string[] {
  return files.map(({ name }) => name).filter((name) => depthOf(name) === 0 && name.endsWith(WASM));
}

/** @param name of a module that the worker does not name */
export function unnamedModuleWarning(name: string, origin: BundleOrigin): string {
  return (
    `${bundleLabel(name, origin)}: ${WORKER_NAME} does not name it, so an earlier build probably left it there. Such files ` +
    `break the upload. Empty the folder before each build, or ${asClause(leavingOut({ name, kind: 'file' }, origin) ?? '')}`
  );
}

function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function depthOf(name: string): number {
  return name.split('/').length - 1;
}

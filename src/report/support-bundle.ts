import { code, link } from './markdown.ts';
import type { RunRecord } from './run-record.ts';

/** Where it is, as plain text; undefined where there is none. */
export function supportBundleLine({ supportBundle }: Pick<RunRecord, 'supportBundle'>): string | undefined {
  if (supportBundle === undefined) return undefined;
  const { state, name, path, url } = supportBundle;
  if (state === 'stored') return `Support bundle: ${name}, ${url}`;
  return `Support bundle: ${state === 'left' ? `${name} (${LEFT})` : `${path} (on the runner)`}`;
}

const LEFT = 'this action’s post step stores it as an artifact of the run';

/** The same as a cell of a list of facts. */
export function supportBundleCell({ supportBundle }: Pick<RunRecord, 'supportBundle'>): string | undefined {
  if (supportBundle === undefined) return undefined;
  const { state, name, path, url } = supportBundle;
  if (state === 'stored') return link(name, url ?? '');
  return state === 'left' ? `${code(name)}<br>${LEFT}` : `${code(path)}<br>on the runner`;
}

/** What workflows use and no network can be asked for: other actions, and programs of a runner. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { requireCurrentDist } from '../dist-sources.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPTS = fileURLToPath(new URL('stand-ins', import.meta.url));
const OURS = 'catalyst-deploy-action';
/** Our workflow that others call. */
const REUSABLE = '.github/workflows/deploy-storefront.yml';

export interface StandIns {
  /** For the `PATH`. */
  tools: string;
  /** Folders of actions, by owner and name; ours by its name alone. */
  actions: ReadonlyMap<string, string>;
}

/**
 * Writes them to a folder.
 * @throws Error when dist/ was built from other sources than those in src/
 */
export function createStandIns(folder: string): StandIns {
  requireCurrentDist();
  const tools = join(folder, 'tools');
  mkdirSync(tools, { recursive: true });
  for (const name of ['pnpm', 'corepack', 'npm']) cpSync(join(SCRIPTS, `${name}.sh`), join(tools, name));
  writeFileSync(join(tools, 'gh'), `#!/usr/bin/env bash\nexec node '${join(SCRIPTS, 'gh.ts')}' "$@"\n`);
  for (const name of readdirSync(tools)) chmodSync(join(tools, name), 0o755);
  const actions = Object.entries(ACTIONS).map(([name, definition]) => {
    const target = join(folder, 'actions', name);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'action.yml'), stringify({ name, description: 'A stand-in', ...definition }));
    return [name, target] as const;
  });
  writeFileSync(
    join(folder, 'actions', 'actions/upload-artifact', 'index.mjs'),
    `import ${JSON.stringify(pathToFileURL(join(SCRIPTS, 'upload-artifact.ts')).href)};\n`,
  );
  return { tools, actions: new Map([...actions, [OURS, copyOwnActions(join(folder, 'actions', OURS))]]) };
}

const SETS_NOTHING_UP = {
  inputs: { 'node-version': { description: 'Ignored' } },
  runs: { using: 'composite', steps: [{ run: 'node --version', shell: 'bash' }] },
};

const ACTIONS = {
  'actions/checkout': {
    inputs: {
      repository: { description: 'Refused' },
      ref: { description: 'A commit', default: `\${{ github.sha }}` },
      path: { description: 'Where to' },
      'persist-credentials': { description: 'Ignored: there are none' },
    },
    runs: {
      using: 'composite',
      steps: [
        {
          name: 'Check out',
          run: `bash '${join(SCRIPTS, 'checkout.sh')}'`,
          shell: 'bash',
          env: {
            REPOSITORY: `\${{ inputs.repository }}`,
            REF: `\${{ inputs.ref }}`,
            CHECKOUT_PATH: `\${{ inputs.path }}`,
          },
        },
      ],
    },
  },
  'actions/setup-node': SETS_NOTHING_UP,
  'actions/upload-artifact': {
    inputs: {
      name: { description: 'Its name', default: 'artifact' },
      path: { description: 'A file or a folder', required: true },
      'retention-days': { description: 'Days' },
      'include-hidden-files': { description: 'Ignored: all are included' },
      'if-no-files-found': { description: 'Ignored: an error' },
    },
    runs: { using: 'node24', main: 'index.mjs' },
  },
} as const;

/** As a release has them, as far as a runner reads them. */
export function copyOwnActions(target: string): string {
  const folders = readdirSync(REPOSITORY, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const folder of ['.', ...folders.map(({ name }) => name)]) {
    const file = join(REPOSITORY, folder, 'action.yml');
    if (existsSync(file)) cpSync(file, join(target, folder, 'action.yml'));
  }
  cpSync(join(REPOSITORY, REUSABLE), join(target, REUSABLE));
  cpSync(join(REPOSITORY, 'dist'), join(target, 'dist'), { recursive: true });
  return target;
}

/** The text of our reusable workflow, for a workflow that calls it: what it uses is needed, too. */
export function findCalledWorkflows(text: string): string[] {
  return text.includes(`/${OURS}/${REUSABLE}@`) ? [readFileSync(join(REPOSITORY, REUSABLE), 'utf8')] : [];
}

const USES = /^\s*(?:- )?uses: *['"]?([\w.-]+\/([\w.-]+))(?:\/[^\s@'"]*)?@([^\s'"#]+)/gm;

/**
 * The folder for each action that workflows use, as act's `--local-repository` wants them.
 * @throws Error for one that there is no stand-in for
 */
export function findActions(texts: readonly string[], { actions }: StandIns): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, full = '', name = '', ref = ''] of texts.flatMap((text) => [...text.matchAll(USES)])) {
    const folder = actions.get(name === OURS ? OURS : full);
    if (folder === undefined) throw new Error(`there is no stand-in for ${full}@${ref} (scripts/e2e/stand-ins.ts)`);
    found.set(`${full}@${ref}`, folder);
  }
  return found;
}

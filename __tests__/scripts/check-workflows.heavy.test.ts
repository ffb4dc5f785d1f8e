/** Each checker finds what it is there for. They are installed from PyPI and by Go; without those it is no test. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { runActionlint } from '../../scripts/check-workflows/actionlint.ts';
import { collectFiles } from '../../scripts/check-workflows/files.ts';
import { type Finding, ToolUnavailable } from '../../scripts/check-workflows/tool.ts';
import { runZizmor } from '../../scripts/check-workflows/zizmor.ts';
import { temporaryFolder } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The placeholder, and the account from the first release on. */
const [, OWNER] =
  /^ +([\w-]+)\/catalyst-deploy-action\/\*: ref-pin$/m.exec(readFileSync(join(ROOT, '.github/zizmor.yml'), 'utf8')) ??
  [];
const WORKFLOW = `name: A
on: pull_request_target
permissions: {}
jobs:
  a:
    name: A
    runs-on: ubuntu-latest
    steps:
      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
      - uses: ${OWNER}/catalyst-deploy-action@v0
      - uses: actions/checkout@v7
`;

/** In a repository of its own: a workflow in Markdown, from line 3 on. */
async function findings(run: (files: ReturnType<typeof collectFiles>, folder: string) => Promise<Finding[]>) {
  const root = temporaryFolder();
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/a.md'), `# A\n\`\`\`yaml\n${WORKFLOW}\`\`\`\n`);
  try {
    const found = await run(collectFiles(root), join(root, 'stage'));
    return found.map(({ path, line, rule }) => `${path}:${line} ${rule}`).sort();
  } catch (error) {
    if (!(error instanceof ToolUnavailable)) throw error;
    console.warn(error.message);
    return undefined;
  }
}

test(
  'zizmor finds a dangerous trigger and what is not pinned, but for our own action',
  async () => {
    const found = await findings((files, folder) => runZizmor(files, { root: ROOT, folder, isOnline: false }));
    const expected = ['4 dangerous-triggers', '13 artipacked', '13 unpinned-uses', '4 concurrency-limits'];
    if (found !== undefined) {
      expect(found).toEqual(expect.arrayContaining(expected.map((one) => `docs/a.md-3.yml:${one}`)));
      expect(found).not.toContain('docs/a.md-3.yml:12 unpinned-uses');
    }
  },
  timeoutMs(180_000),
);

test(
  'actionlint finds a missing input of an action that is pinned by a commit',
  async () => {
    const found = await findings((files, folder) => runActionlint(files, { root: ROOT, folder }));
    if (found !== undefined) expect(found).toEqual(['docs/a.md-3.yml:11 action']);
  },
  timeoutMs(360_000),
);

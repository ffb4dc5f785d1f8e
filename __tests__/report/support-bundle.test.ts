/** Where the support bundle is named. */
import { describe, expect, test } from '@jest/globals';
import { diagnosticsName } from '../../src/github-status/bundle-artifact.ts';
import { parseLeftBundle } from '../../src/github-status/left-bundle.ts';
import { renderDeployComment } from '../../src/report/deploy-comment.ts';
import type { DeployRecord } from '../../src/report/deploy-record.ts';
import { renderDeploySummary } from '../../src/report/deploy-summary.ts';
import type { SupportBundle } from '../../src/report/run-record.ts';
import { supportBundleLine } from '../../src/report/support-bundle.ts';
import { commentOf, DEPLOY as FULL } from './full-records.ts';

const DEPLOY = FULL as unknown as DeployRecord;
const COMMENT = commentOf(DEPLOY);
const NAME = 'storefront-shop-diagnostics-attempt-1.zip';
const STORED: SupportBundle = {
  state: 'stored',
  name: NAME,
  path: '/tmp/d.zip',
  url: 'https://github.com/a/b/artifacts/4',
};
const LEFT: SupportBundle = { state: 'left', name: NAME, path: '/tmp/d.zip' };
const KEPT: SupportBundle = { state: 'kept', name: NAME, path: '/tmp/d.zip' };
const LINK = `<a href="https://github.com/a/b/artifacts/4">${NAME}</a>`;

test.each([
  [STORED, `Support bundle: ${NAME}, https://github.com/a/b/artifacts/4`],
  [LEFT, `Support bundle: ${NAME} (this action’s post step stores it as an artifact of the run)`],
  [KEPT, 'Support bundle: /tmp/d.zip (on the runner)'],
])('in the message: %o', (supportBundle, line) => {
  expect(supportBundleLine({ supportBundle })).toBe(line);
});

describe('in the summary', () => {
  test.each([
    [STORED, LINK],
    [LEFT, `<code>${NAME}</code><br>this action’s post step stores it as an artifact of the run`],
    [KEPT, '<code>&#47;tmp/d.zip</code><br>on the runner'],
  ])('last of the ids: %o', (supportBundle, value) => {
    const [, ids = ''] = renderDeploySummary({ ...DEPLOY, supportBundle }).split(
      '<summary>Ids for support and rollback</summary>',
    );
    const lines = ids.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.at(-1)).toBe(`- **Support bundle:** ${value}`);
    expect(lines.at(-2)).toContain('Correlation id');
  });

  test('not at all where there is none', () => {
    const { supportBundle: _, ...record } = DEPLOY;
    expect(renderDeploySummary(record)).not.toContain('Support bundle');
    expect(supportBundleLine({})).toBeUndefined();
  });
});

describe('in the comment', () => {
  test('as a link where it is stored', () => {
    const comment = renderDeployComment({ ...COMMENT, supportBundle: STORED });
    expect(comment).toContain('<a href="https://github.com/a/b/artifacts/4">Support bundle</a>');
    expect(comment).toContain(`- **Support bundle:** ${LINK}\n`);
  });

  test('by its name where the post step stores it, and not at all where only the runner has it', () => {
    const left = renderDeployComment({ ...COMMENT, supportBundle: LEFT });
    expect(left).toContain(`<code>${NAME}</code>`);
    expect(left).not.toContain('>Support bundle</a>');
    expect(renderDeployComment({ ...COMMENT, supportBundle: KEPT })).not.toContain('Support bundle');
  });
});

test.each([
  [undefined, { name: 'shop', uuid: 'u' }, 'storefront-shop-diagnostics-attempt-2.zip'],
  [undefined, { uuid: 'u' }, 'storefront-u-diagnostics-attempt-2.zip'],
  [undefined, {}, 'storefront-project-diagnostics-attempt-2.zip'],
  [undefined, { name: 'a/b: "c"\n' }, 'storefront-a-b-c--diagnostics-attempt-2.zip'],
  ['mine.zip', { name: 'shop' }, 'mine-diagnostics-attempt-2.zip'],
])('its name, of the artifact %p and the project %o: %s', (given, project, name) => {
  expect(diagnosticsName(given, project, '2')).toBe(name);
});

test('what is left for the post step is read back, and nothing else is', () => {
  const file = { name: NAME, path: '/tmp/d.zip', retentionDays: 5 };
  expect(parseLeftBundle(JSON.stringify(file))).toEqual(file);
  for (const json of ['', '{}', 'null', '{"name":1,"path":"/x"}']) expect(parseLeftBundle(json)).toBeUndefined();
});

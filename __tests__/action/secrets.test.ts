/** No secret in anything that anybody can read afterwards: log, annotations, debug lines, outputs, summary. */
import { expect, test } from '@jest/globals';
import { type DeployRun, deploy, platform, startDeploy, storefront } from './harness.ts';

const SECRETS = {
  PASSWORD: 'correct horse battery staple',
  QUOTED: 'with "quotes" & <angles> | pipes',
  URLISH: 'a/b+c=d?e&f%g',
  DOLLAR: '$^*()[]{}\\',
  HASH: 'tail#after',
};
const MULTI_LINE = ['-----first line of a key', 'second-line-of-a-key', 'third line'];
const secretsInput = `${Object.entries(SECRETS)
  .map(([key, value]) => `${key}='${value}'`)
  .join('\n')}\nMULTI='${MULTI_LINE.join('\n')}'\nTINY=1`;

const cases: [string, Partial<DeployRun>, (emulator: Awaited<ReturnType<typeof platform>>) => void][] = [
  ['a deployment', {}, () => {}],
  [
    'errors that echo every secret',
    {},
    (emulator) =>
      emulator.addFault({
        call: 'createDeployment',
        effect: 'status',
        status: 422,
        body: {
          status: 422,
          title: `echo ${Object.values(SECRETS).join(' ')} ${MULTI_LINE.join(' ')} ${emulator.accessToken}`,
          errors: Object.fromEntries(Object.values(SECRETS).map((value, index) => [`field${index}`, value])),
        },
      }),
  ],
  [
    'events that echo secrets',
    {},
    (emulator) =>
      emulator.addFault({
        call: 'events',
        effect: 'hostile',
        times: 'always',
        text: `${Object.values(SECRETS).join(' ')} ${emulator.accessToken}`,
      }),
  ],
  [
    'a refused upload',
    {},
    (emulator) =>
      emulator.addFault({
        call: 'upload',
        effect: 'status',
        status: 403,
        xml: { code: 'AccessDenied', message: 'no' },
      }),
  ],
  ['a broken upload', {}, (emulator) => emulator.addFault({ call: 'upload', effect: 'reset-before' })],
];

test.each(cases)('%s', async (_, run, prepare) => {
  const emulator = await platform();
  prepare(emulator);
  const workspace = storefront({ 'worker.js': `const leaked = ${JSON.stringify(SECRETS.PASSWORD)};` });
  const finished = await deploy({ emulator, workspace, ...run, inputs: { secrets: secretsInput } });
  for (const secret of [...Object.values(SECRETS), ...MULTI_LINE, emulator.accessToken]) {
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(finished.everything).not.toContain(form);
    }
    expect(finished.masks).toContain(secret);
  }
  for (const upload of emulator.uploads) {
    const { searchParams } = new URL(upload.uploadUrl);
    expect(finished.everything).not.toContain(searchParams.get('X-Goog-Signature'));
    expect(finished.masks).toContain(upload.uploadUrl);
    expect(finished.masks).toContain(searchParams.get('X-Goog-Signature'));
  }
  expect(finished.everything).not.toMatch(/x-goog-|x-auth-token/i);
  expect(finished.masks).not.toContain('1');
});

test('masks come before anything else is printed', async () => {
  const emulator = await platform();
  const lines: string[] = [];
  await startDeploy({ emulator, inputs: { secrets: 'KEY=long-enough-value' }, onLine: (line) => lines.push(line) })
    .finished;
  const printed = lines.filter((line) => line.trim() !== '');
  const lastInputMask = printed.findIndex((line) => line.includes('long-enough-value'));
  expect(lastInputMask).toBeGreaterThanOrEqual(0);
  for (const line of printed.slice(0, lastInputMask + 1)) expect(line).toMatch(/^::add-mask::/);
});

test('a secret that is too short to mask is named by its key', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { secrets: 'TINY=abc' } });
  const warning = run.annotations.find(({ message }) => message.includes('TINY'));
  expect(warning?.level).toBe('warning');
  expect(run.masks).not.toContain('abc');
});

test('what is cut off a secret at a comment is reported, masked, and shown nowhere', async () => {
  const emulator = await platform();
  const secrets = 'PASSWORD=correct horse #42 battery\nFOLDED=first_one OTHER_KEY=second_one';
  const run = await deploy({ emulator, inputs: { secrets, exclude: '#42 battery\nsecond_one' } });
  const warnings = run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
  expect(warnings.join('\n')).toMatch(/PASSWORD \(line 1\) ends before a " #"/);
  expect(warnings.join('\n')).toMatch(/line 2 holds more than one KEY=VALUE.*OTHER_KEY/);
  expect(run.masks).toEqual(expect.arrayContaining(['correct horse', '#42 battery', 'first_one', 'second_one']));
  for (const piece of ['battery', 'second_one']) expect(run.everything).not.toContain(piece);
});

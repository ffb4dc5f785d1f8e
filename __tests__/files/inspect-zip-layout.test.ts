import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { inspectZip } from '../../src/files/inspect-zip.ts';
import { openZip } from '../../src/files/open-zip.ts';
import { onPosix } from '../systems.ts';
import { AGREEMENTS, DISAGREEMENTS } from './disagreements.ts';
import { openFilesUnder, problemsOf, removeScratch, scratch } from './helpers.ts';
import { craftZip } from './zip-bytes.ts';

afterAll(removeScratch);

const worker = { name: 'output/worker.js', data: Buffer.from('export default {}\n') };
const signal = new AbortController().signal;

async function inspect(zip: Buffer) {
  const path = join(await scratch(), 'ready.zip');
  await writeFile(path, zip);
  return await inspectZip({ path, displayPath: 'ready.zip', forbidden: [], signal });
}

test.each(Object.entries(DISAGREEMENTS))(
  'a zip that readers unpack differently is refused: %s',
  async (_, { zip, says }) => {
    const problems = await problemsOf(inspect(zip));
    expect(problems).toContainEqual(expect.stringMatching(says));
  },
);

test.each(Object.entries(AGREEMENTS))('a zip that only looks odd is accepted: %s', async (_, zip) => {
  const bundle = await inspect(zip);
  expect(bundle.files).toContainEqual({ name: 'worker.js', sizeBytes: 18 });
  expect(bundle.warnings).toEqual([]);
});

describe('the advice does not drop the file', () => {
  test.each([
    ['output\\worker.js', /^output\\\\worker\.js: .*backslash.*`7z a new\.zip output`/],
    ['./output/worker.js', /^\.\/output\/worker\.js: .*without `\.\/`: `zip -r new\.zip output`\.$/],
    ['/output/worker.js', /Give it another name, and make the zip again\.$/],
    ['output/worker.js\n', /Give it another name, and make the zip again\.$/],
    ['worker.js', /Make the zip again from a folder named output\.$/],
  ])('%j', async (name, says) => {
    const problems = await problemsOf(inspect(craftZip([{ ...worker, name }])));
    expect(problems).toEqual([expect.stringMatching(says)]);
    expect(problems.join()).not.toMatch(/without it/);
  });

  test('a habit of a tool with all names is reported once', async () => {
    const entries = ['worker.js', 'a', 'b'].map((name) => ({ name: `output\\${name}` }));
    expect(await problemsOf(inspect(craftZip(entries)))).toEqual([
      expect.stringMatching(/^output\\\\worker\.js \(and 2 more\): /),
    ]);
  });

  test('the Finder’s own files are named as such, with commands to remove them', async () => {
    const finder = ['__MACOSX/', '__MACOSX/output/', '__MACOSX/output/._worker.js'].map((name) => ({
      name,
      stored: true,
    }));
    expect(await problemsOf(inspect(craftZip([worker, ...finder])))).toEqual([
      expect.stringMatching(
        /^__MACOSX\/ \(and 2 more\): .*Finder.*`zip -d bundle\.zip '__MACOSX\/\*'`.*`zip -X -r new\.zip output`/,
      ),
    ]);
  });
});

test('names in UTF-8 without the flag are read as UTF-8, with one warning', async () => {
  const names = ['é', '日本', 'ascii'].map((name) => ({ name: `output/${name}.txt`, flags: 0 }));
  const bundle = await inspect(craftZip([worker, ...names]));
  expect(bundle.files.map(({ name }) => name)).toEqual(['ascii.txt', 'worker.js', 'é.txt', '日本.txt']);
  expect(bundle.warnings).toEqual([
    expect.stringMatching(/^output\/é\.txt \(and 1 more\): .*in UTF-8, without the flag.*`7z a new\.zip output`/),
  ]);
});

describe('the file', () => {
  onPosix('a FIFO without a writer, and a device, are refused at once', async () => {
    const path = join(await scratch(), 'fifo.zip');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    for (const where of [path, '/dev/zero']) {
      expect(await problemsOf(openZip(where, 'z'))).toEqual(['z: this is not a file.']);
    }
    expect(openFilesUnder(path)).toEqual([]);
  });

  test('a zip that is replaced while it is read is noticed', async () => {
    const folder = await scratch();
    const path = join(folder, 'ready.zip');
    const zipOf = (content: Buffer) => craftZip([worker, { name: 'output/a', data: content, stored: true }]);
    const [first, second] = [zipOf(randomBytes(24 * 2 ** 20)), zipOf(randomBytes(24 * 2 ** 20))];
    await writeFile(path, first);
    await writeFile(join(folder, 'other.zip'), second);
    const inspecting = inspectZip({ path, displayPath: 'z', forbidden: [], signal });
    const problems = problemsOf(inspecting);
    while (openFilesUnder(path).length === 0) await setImmediate();
    await rename(join(folder, 'other.zip'), path);
    expect(await problems).toEqual(['z: it changed while it was being read.']);
  });

  test('the digest is that of the bytes that were read', async () => {
    const zip = craftZip([worker]);
    expect((await inspect(zip)).sha256).toBe(createHash('sha256').update(zip).digest('hex'));
  });
});

test('an abort ends it in the middle of empty files, too', async () => {
  const path = join(await scratch(), 'z.zip');
  const empty = Array.from({ length: 900 }, (_, index) => ({ name: `output/${index}`, stored: true }));
  await writeFile(path, craftZip([worker, ...empty]));
  const controller = new AbortController();
  const reason = new Error('stop');
  let looks = 0;
  // Requested after the names, just before the first file is read.
  const forbidden = {
    label: 'token',
    severity: 'refuse' as const,
    get value() {
      controller.abort(reason);
      return 'a token of some length';
    },
  };
  // Every file checks the signal: it is read once more after the abort, and no further file is.
  const throwIfAborted = controller.signal.throwIfAborted.bind(controller.signal);
  controller.signal.throwIfAborted = () => {
    if (controller.signal.aborted) looks += 1;
    throwIfAborted();
  };
  const inspecting = inspectZip({ path, displayPath: 'z', forbidden: [forbidden], signal: controller.signal });
  await expect(inspecting).rejects.toBe(reason);
  expect(looks).toBe(1);
});

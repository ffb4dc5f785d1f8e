/** How a zip is written; the tests of packaging check its content. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ContentInspector } from '../../src/domain/content-rules.ts';
import { ForbiddenValues } from '../../src/domain/content-scanners.ts';
import { InspectedFile } from '../../src/files/read-file.ts';
import { type ZipSink, ZipWriter } from '../../src/files/zip-writer.ts';
import { removeScratch, scratch } from './helpers.ts';

afterAll(removeScratch);

const NOTHING = new ForbiddenValues([]);
const signal = new AbortController().signal;

async function fileOf(content: Buffer): Promise<() => InspectedFile> {
  const path = join(await scratch(), 'a.js');
  await writeFile(path, content);
  const walked = { name: 'a.js', targetName: 'a.js', path, sizeBytes: content.length };
  return () =>
    new InspectedFile(
      walked,
      new ContentInspector({ name: 'a.js', origin: { kind: 'zip' }, forbidden: NOTHING }),
      signal,
    );
}

test('when the zip cannot be written, reading ends long before the last file', async () => {
  const newFile = await fileOf(randomBytes(40_000));
  const full = new Error('no space left');
  const sink: ZipSink = {
    sizeBytes: 0,
    put: () => {
      throw full;
    },
  };
  const writer = new ZipWriter(sink);
  let blocks = 0;
  const readAll = async () => {
    for (; blocks < 1_000; blocks++) {
      const file = newFile();
      await writer.readBlock(writer.open(`${blocks}.js`, file)).finally(() => file.close());
    }
  };
  await expect(readAll()).rejects.toBe(full);
  expect(blocks).toBeLessThan(100);
  await expect(writer.finish()).rejects.toBe(full);
});

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntryFile as LogEntryFile } from '../actions/logs/dependencies.ts';
import { fileNotWritable } from '../errors.ts';
import { EntryFile } from '../files/entry-file.ts';
import { describeFault } from '../files/fault.ts';
import { orNotWritable } from '../files/not-writable.ts';

/**
 * @param given absolute; undefined: one in the runner's temporary folder
 * @param shownPathOf the path as users see it
 * @throws ActionError when it cannot be written
 */
export function createLogFile(given: string | undefined, shownPathOf: (path: string) => string): LogEntryFile {
  const path =
    given ?? join(process.env['RUNNER_TEMP'] || tmpdir(), `worker-log-${randomBytes(4).toString('hex')}.log`);
  const orFail = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw fileNotWritable(path, describeFault(error), error);
    }
  };
  const file = orFail(() => new EntryFile(path));
  const shownPath = shownPathOf(path);
  return {
    shownPath,
    append: (lines) => orFail(() => file.append(lines)),
    startEarlier: () => orFail(() => file.startEarlier()),
    finish: async () => {
      const { sizeBytes } = await orNotWritable(path, () => file.finish());
      return { path, shownPath, sizeBytes };
    },
    discard: () => file.discard(),
  };
}

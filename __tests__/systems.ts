/** What differs between the systems that tests run on. */
import { test } from '@jest/globals';

const isWindows = process.platform === 'win32';

/** For what Windows does not have: FIFOs, devices, modes of files, `sh`, some characters in names. */
export const onPosix = isWindows ? test.skip : test;

/** For what Linux alone has: `/proc`, `/dev/full`. */
export const onLinux = process.platform === 'linux' ? test : test.skip;

/** Of a file that only its owner may read; Windows has no such modes. */
export const PRIVATE_FILE_MODE = isWindows ? 0o666 : 0o600;

// In the copy of the sources: tells scripts/mutants/run-tests.ts, a line each, which test file starts and how it ended.
import { appendFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class Reporter {
  /** @param {{ rootDir: string }} _config @param {{ folder: string }} options */
  constructor(_config, { folder }) {
    this.folder = folder;
  }

  nameOf({ path, context }) {
    return relative(context.config.rootDir, path).replaceAll('\\', '/');
  }

  onTestFileStart(test) {
    const name = this.nameOf(test);
    writeFileSync(`${this.folder}/test`, name.replaceAll('/', '+'));
    this.write({ test: name });
  }

  /** At once: the rest of the file may take long. */
  onTestCaseResult(test, { status, fullName }) {
    if (status === 'failed') this.write({ test: this.nameOf(test), failedCase: fullName });
  }

  onTestFileResult(test, { perfStats, numFailingTests, testExecError, testResults }) {
    const failed = testResults.find(({ status }) => status === 'failed')?.fullName ?? testExecError?.message;
    const isOk = numFailingTests === 0 && testExecError === undefined;
    const failure = isOk ? {} : { failure: String(failed ?? 'the file could not be run') };
    this.write({ test: this.nameOf(test), durationMs: perfStats.end - perfStats.start, ...failure });
  }

  write(line) {
    appendFileSync(`${this.folder}/results`, `${JSON.stringify(line)}\n`);
  }
}

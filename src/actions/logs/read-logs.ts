import type { LogsInputs } from '../../inputs/logs.ts';
import { entriesWords } from '../../report/logs-words.ts';
import { resolveProject } from '../resolve-project.ts';
import type { EntryFile, LogsDependencies } from './dependencies.ts';
import { EntryCollector } from './entry-collector.ts';
import { queryLog } from './query-log.ts';
import { ShownLines } from './shown-lines.ts';
import { tailLog } from './tail-log.ts';
import { foundProblems } from './verdict.ts';

/**
 * Reads the worker's log, shows it and writes it into a file. What was read before a failure, or before the job was
 * cancelled, is there all the same.
 * @throws ActionError when the log cannot be read, or has what `fail-on` names
 */
export async function readLogs(inputs: LogsInputs, dependencies: LogsDependencies): Promise<void> {
  const { hosting, run } = dependencies;
  const missingFix = 'Correct `project-name`, or give `project-uuid`.';
  const projectUuid = await resolveProject(inputs.project, { hosting, run, missingFix });
  const file = dependencies.createFile(inputs.file);
  const collector = new EntryCollector({ ...inputs, file, redact: dependencies.redact });
  try {
    await read(inputs, { projectUuid, file, collector }, dependencies);
  } catch (error) {
    run.emit({ type: 'log-read', ...collector.findings });
    await keep(file, collector, run);
    throw error;
  }
  const { findings } = collector;
  run.emit({ type: 'log-read', ...findings });
  run.emit({ type: 'file-written', ...(await file.finish()) });
  if (findings.isCut) {
    run.warn(
      `The log has more than ${entriesWords(inputs.maxEntries)} (\`max-entries\`): the file does not have the rest. Ask for less (\`level\`, \`url\`, a shorter time), or raise the limit.`,
      'Log cut off',
    );
  }
  const failure = foundProblems(collector, inputs, file);
  if (failure !== undefined) throw failure;
}

interface Reading {
  projectUuid: string;
  file: EntryFile;
  collector: EntryCollector;
}

async function read({ task, filter }: LogsInputs, reading: Reading, dependencies: LogsDependencies): Promise<void> {
  if (task.mode === 'query') {
    const { startMs, endMs } = task;
    await queryLog({ ...reading, filter: { ...filter, startMs, endMs } }, dependencies);
    return;
  }
  const { projectUuid, file, collector } = reading;
  const { run } = dependencies;
  const shown = new ShownLines();
  await tailLog(
    {
      ...{ projectUuid, filter, durationMs: task.durationMs },
      onEvent: (event) => {
        const wasCut = shown.isCut;
        const lines = shown.take(collector.add(event));
        if (lines.length > 0) run.emit({ type: 'entries-shown', lines });
        if (shown.isCut && !wasCut)
          run.info(`More is logged than can be shown here: all of it is in ${file.shownPath}.`);
      },
    },
    dependencies,
  );
}

/** After a failure, which is the one to report. */
async function keep(file: EntryFile, { findings }: EntryCollector, run: LogsDependencies['run']): Promise<void> {
  try {
    if (findings.entries === 0) file.discard();
    else run.emit({ type: 'file-written', ...(await file.finish()) });
  } catch (error) {
    run.debug(`the file of the log: ${error}`);
  }
}

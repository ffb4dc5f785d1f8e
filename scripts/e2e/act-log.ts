/** What a run of act says in its log (`--json`): jobs and steps with their ends, outputs, summaries and annotations. */
import * as z from 'zod';

export type Conclusion = 'success' | 'failure';

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
  file?: string;
}

export interface StepRun {
  /** Its id, or its position in the job; of a step in a composite action: `<id of the action's step>/<its own>`. */
  id: string;
  /** As it is shown: the name, what it uses, or what it runs. */
  name: string;
  /** Undefined while it runs, and where it was cut off. */
  outcome: Conclusion | undefined;
  /** Differs from the outcome with `continue-on-error`. */
  conclusion: Conclusion | undefined;
  outputs: Record<string, string>;
  /** Markdown; of its main part and of its post part. */
  summary: string;
  annotations: Annotation[];
  /** What it printed, as it is shown. */
  lines: string[];
  /** How its post part ended; undefined where there is none. */
  post: Conclusion | undefined;
}

export interface JobRun {
  /** In the workflow; those of a matrix share it. */
  id: string;
  /** As shown: `<workflow>/<name of the job>`, with a number where there is a matrix. */
  name: string;
  /** Undefined where it was cut off. */
  result: Conclusion | undefined;
  matrix: Readonly<Record<string, unknown>>;
  /** In their order; a step that was skipped is not among them. */
  steps: StepRun[];
}

export interface ActLog {
  /** In their order; a job that was skipped is not among them. */
  jobs: JobRun[];
  /** All that somebody sees who reads the log. */
  shown: string;
  /** Values that were to be masked from then on. */
  masks: string[];
}

const conclusion = z.enum(['success', 'failure']);

/** A line of act 0.2.89's log: pkg/runner/logger.go, command.go and step.go name these fields. */
const lineSchema = z.object({
  msg: z.string(),
  level: z.string().optional(),
  job: z.string().optional(),
  jobID: z.string().optional(),
  matrix: z.record(z.string(), z.unknown()).nullish(),
  step: z.string().optional(),
  stepID: z.array(z.string()).optional(),
  stage: z.enum(['Pre', 'Main', 'Post']).optional(),
  /** Printed by the step itself. */
  raw_output: z.boolean().optional(),
  command: z.string().optional(),
  /** Of a command: its value, and its properties. */
  arg: z.string().optional(),
  kvPairs: z.record(z.string(), z.string()).nullish(),
  /** Of `set-output`. */
  name: z.string().optional(),
  /** Of `summary`. */
  content: z.string().optional(),
  stepResult: z.string().optional(),
  jobResult: z.string().optional(),
});

type Line = z.infer<typeof lineSchema>;

/** What act says before the end of a step that is marked `continue-on-error`. */
const TOLERATED = 'Failed but continue next step';

/** @param text its standard output and error; lines that are no JSON are shown as they are */
export function parseActLog(text: string): ActLog {
  const jobs = new Map<string, JobRun>();
  const shown: string[] = [];
  const masks: string[] = [];
  const tolerated = new Set<StepRun>();
  for (const raw of text.split('\n').filter((one) => one.trim() !== '')) {
    const line = parseLine(raw);
    shown.push(line.msg.trimEnd());
    if (line.command === 'add-mask') masks.push(line.arg ?? '');
    // Filled with blanks, so that all names have the same length.
    const name = line.job?.trimEnd();
    if (name === undefined) continue;
    const job = jobs.get(name) ?? createJob(name, line);
    jobs.set(name, job);
    if (line.jobResult !== undefined) job.result = conclusionOf(line.jobResult);
    const step = findStep(job, line);
    if (step !== undefined) readStepLine(step, line, tolerated);
  }
  return { jobs: [...jobs.values()], shown: shown.join('\n'), masks };
}

function createJob(name: string, { jobID: id = name, matrix }: Line): JobRun {
  return { id, name, result: undefined, matrix: matrix ?? {}, steps: [] };
}

function parseLine(raw: string): Line {
  try {
    const { success, data } = lineSchema.safeParse(JSON.parse(raw));
    if (success) return data;
  } catch {
    // act prints some of its own errors as plain text.
  }
  return { msg: raw };
}

/** Steps appear with their main part: what is done for them before is act's own set-up. */
function findStep(job: JobRun, { stepID, stage, step: name = '' }: Line): StepRun | undefined {
  if (stepID === undefined || stage === undefined || stage === 'Pre') return undefined;
  const id = stepID.join('/');
  const known = job.steps.find((one) => one.id === id);
  if (known !== undefined || stage === 'Post') return known;
  const step: StepRun = {
    ...{ id, name, outcome: undefined, conclusion: undefined, post: undefined },
    ...{ outputs: {}, summary: '', annotations: [], lines: [] },
  };
  job.steps.push(step);
  return step;
}

function readStepLine(step: StepRun, line: Line, tolerated: Set<StepRun>): void {
  if (line.raw_output === true) step.lines.push(line.msg.trimEnd());
  if (line.msg === TOLERATED) tolerated.add(step);
  if (line.stepResult !== undefined) endStep(step, line, tolerated.has(step));
  const { command, arg = '', kvPairs, name } = line;
  if (command === 'set-output' && name !== undefined) step.outputs[name] = arg;
  if (command === 'summary') step.summary += line.content ?? '';
  if (command === 'error' || command === 'warning' || command === 'notice') {
    const { title = '', file } = kvPairs ?? {};
    step.annotations.push({ level: command, title, message: arg, ...(file === undefined ? {} : { file }) });
  }
}

function endStep(step: StepRun, { stage, stepResult }: Line, isTolerated: boolean): void {
  const ended = conclusionOf(stepResult);
  if (stage === 'Post') {
    step.post = ended;
    return;
  }
  step.outcome = ended;
  step.conclusion = ended === 'failure' && isTolerated ? 'success' : ended;
}

function conclusionOf(text: unknown): Conclusion | undefined {
  const { success, data } = conclusion.safeParse(text);
  return success ? data : undefined;
}

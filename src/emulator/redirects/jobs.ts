import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobEndsFault } from './job-faults.ts';
import type { RedirectsSettings } from './options.ts';
import type { JobHoldPoint, RedirectJobRecord } from './records.ts';
import { isOver } from './records.ts';

export interface JobsOptions extends Pick<RedirectsSettings, 'steps' | 'onJobChange'> {
  stepMs: number;
  holdAt: JobHoldPoint | undefined;
}

/** What a job does: its items one after another, and something at its end. */
export interface JobWork {
  kind: RedirectJobRecord['kind'];
  total: number;
  file?: RedirectJobRecord['file'];
  request?: RedirectJobRecord['request'];
  /** Does the `index`-th item, and counts it in the record. */
  doItem: (index: number, job: RedirectJobRecord) => void;
  complete?: (job: RedirectJobRecord) => void;
  end: JobEndsFault | undefined;
}

/** A state that a test sets by hand. What is not given stays as it is. */
export type JobChange = Partial<
  Pick<RedirectJobRecord, 'status' | 'completed' | 'failed' | 'total' | 'errors' | 'csv'>
>;

interface Run {
  job: RedirectJobRecord;
  work: JobWork;
  /** Aborts the automatic course: the emulator closes, or a test has taken over. */
  course: AbortController;
  released: boolean;
  release: (() => void) | undefined;
  listeners: Set<(job: RedirectJobRecord) => void>;
}

interface Waiter {
  matches: (job: RedirectJobRecord) => boolean;
  resolve: (job: RedirectJobRecord) => void;
  reject: (error: Error) => void;
}

/** The jobs of the store and their course: new, working in some steps, a verdict (API document, section 2). */
export class RedirectJobs {
  /** In the order in which they were started. */
  readonly list: RedirectJobRecord[] = [];
  readonly #runs = new Map<string, Run>();
  readonly #options: JobsOptions;
  readonly #courses = new Set<Promise<void>>();
  #holdAt: JobHoldPoint | undefined;
  #waiters: Waiter[] = [];

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#holdAt = options.holdAt;
  }

  find(jobId: string): RedirectJobRecord | undefined {
    return this.#runs.get(jobId.toLowerCase())?.job;
  }

  /** "Your store already has an active Redirects import or export job running." */
  isBusy(): boolean {
    return this.list.some((job) => !isOver(job));
  }

  start(work: JobWork): RedirectJobRecord {
    const { kind, total, file, request } = work;
    const job: RedirectJobRecord = {
      jobId: randomUUID(),
      kind,
      status: 'new',
      completed: 0,
      failed: 0,
      total,
      errors: [],
      file,
      request,
      csv: undefined,
      createdAtMs: Date.now(),
      endedAtMs: undefined,
      version: 1,
    };
    const run: Run = {
      job,
      work,
      course: new AbortController(),
      released: false,
      release: undefined,
      listeners: new Set(),
    };
    this.list.push(job);
    this.#runs.set(job.jobId, run);
    this.#publish(run, {});
    const course = this.#run(run)
      .catch(() => {
        // A course is aborted when it has been taken over, or its emulator closes; anything else is a fault of the job.
        if (!run.course.signal.aborted) this.#publish(run, { status: 'failed' });
      })
      .finally(() => this.#courses.delete(course));
    this.#courses.add(course);
    return job;
  }

  /** Calls `listener` on each change of state; returns what stops it. */
  subscribe(jobId: string, listener: (job: RedirectJobRecord) => void): () => void {
    const { listeners } = this.#mustFind(jobId);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Jobs that reach this point from now on stay there until they are released; undefined: none does. */
  holdAt(point: JobHoldPoint | undefined): void {
    this.#holdAt = point;
  }

  /** Lets one job, or all that there are, go on to the end, held already or not yet. */
  release(jobId?: string): void {
    for (const run of jobId === undefined ? this.#runs.values() : [this.#mustFind(jobId)]) {
      run.released = true;
      run.release?.();
    }
  }

  /** Takes a job over: its own course stops for good, and it has the state that is set. */
  set(jobId: string, change: JobChange): void {
    const run = this.#mustFind(jobId);
    run.course.abort();
    this.#publish(run, change);
  }

  /** The platform knows nothing of the job any more. */
  forget(jobId: string): void {
    const { job, course } = this.#mustFind(jobId);
    course.abort();
    this.#runs.delete(job.jobId);
    this.list.splice(this.list.indexOf(job), 1);
  }

  waitFor(matches: (job: RedirectJobRecord) => boolean): Promise<RedirectJobRecord> {
    const found = this.list.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => this.#waiters.push({ matches, resolve, reject }));
  }

  async close(): Promise<void> {
    for (const run of this.#runs.values()) run.course.abort();
    for (const { reject } of this.#waiters) reject(new Error('The emulator was closed while a job was awaited.'));
    this.#waiters = [];
    await Promise.all(this.#courses);
  }

  async #run(run: Run): Promise<void> {
    const { job, work } = run;
    const { signal } = run.course;
    const { stepMs } = this.#options;
    const steps = Math.max(this.#options.steps, 1);
    const endsAt = work.end === undefined ? work.total : Math.min(work.end.atItem ?? work.total >> 1, work.total);
    await this.#hold(run, 'new');
    await sleep(stepMs, undefined, { signal });
    this.#publish(run, { status: 'working' });
    let done = 0;
    for (let step = 1; step <= steps; step += 1) {
      await sleep(stepMs, undefined, { signal });
      const until = Math.min(Math.floor((work.total * step) / steps), endsAt);
      for (; done < until; done += 1) work.doItem(done, job);
      this.#publish(run, {});
      if (step === Math.ceil(steps / 2)) await this.#hold(run, 'working');
      if (work.end !== undefined && done === endsAt) return this.#publish(run, { status: work.end.status });
    }
    work.complete?.(job);
    this.#publish(run, { status: 'complete' });
  }

  async #hold(run: Run, point: JobHoldPoint): Promise<void> {
    const { signal } = run.course;
    if (this.#holdAt !== point || run.released || signal.aborted) return;
    await new Promise<void>((resolve) => {
      run.release = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  }

  #publish(run: Run, change: JobChange): void {
    const { job } = run;
    Object.assign(job, change);
    job.version += 1;
    if (isOver(job)) job.endedAtMs ??= Date.now();
    this.#options.onJobChange?.(job);
    for (const listener of [...run.listeners]) listener(job);
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (waiter.matches(job)) waiter.resolve(job);
      else this.#waiters.push(waiter);
    }
  }

  #mustFind(jobId: string): Run {
    const run = this.#runs.get(jobId.toLowerCase());
    if (run === undefined) throw new Error(`There is no job ${jobId}.`);
    return run;
  }
}

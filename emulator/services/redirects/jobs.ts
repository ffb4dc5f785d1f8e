import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultOf } from '../../faults/define.ts';
import type { Run } from '../../lifecycle.ts';
import { Lifecycle } from '../../lifecycle.ts';
import type { JOB_ENDS } from './faults.ts';
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
  end: FaultOf<typeof JOB_ENDS> | undefined;
}

/** A state that a test sets by hand. What is not given stays as it is. */
export type JobChange = Partial<
  Pick<RedirectJobRecord, 'status' | 'completed' | 'failed' | 'total' | 'errors' | 'csv'>
>;

/** The jobs of the store and their lifecycle: new, working in some steps, a verdict (API document, section 2). */
export class RedirectJobs extends Lifecycle<RedirectJobRecord, JobChange, JobHoldPoint> {
  readonly #stepMs: number;
  readonly #steps: number;

  constructor({ stepMs, steps, holdAt, onJobChange }: JobsOptions) {
    super({ noun: 'job', idOf: ({ jobId }) => jobId, isOver, holdAt, onChange: onJobChange });
    this.#stepMs = stepMs;
    this.#steps = Math.max(steps, 1);
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
    return this.run(
      job,
      (run) => this.#work(run, work),
      (run) => this.publish(run, { status: 'failed' }),
    );
  }

  async #work(run: Run<RedirectJobRecord>, work: JobWork): Promise<void> {
    const { signal } = run.controller;
    const steps = this.#steps;
    const endsAt = work.end === undefined ? work.total : Math.min(work.end.atItem ?? work.total >> 1, work.total);
    await this.hold(run, 'new');
    await sleep(this.#stepMs, undefined, { signal });
    this.publish(run, { status: 'working' });
    let done = 0;
    for (let step = 1; step <= steps; step += 1) {
      await sleep(this.#stepMs, undefined, { signal });
      const until = Math.min(Math.floor((work.total * step) / steps), endsAt);
      for (; done < until; done += 1) work.doItem(done, run.record);
      this.publish(run);
      if (step === Math.ceil(steps / 2)) await this.hold(run, 'working');
      if (work.end !== undefined && done === endsAt) return this.publish(run, { status: work.end.status });
    }
    work.complete?.(run.record);
    this.publish(run, { status: 'complete' });
  }
}

import { checkoutRefOf, type GateDecision, VERDICTS } from '../domain/preview-gate.ts';
import type { ActionError } from '../errors.ts';
import { formatDuration } from './format.ts';
import { GATE_FIELDS, type GateRecord, type GateReporter, type GateTarget } from './gate-record.ts';
import { renderGateSummary } from './gate-summary.ts';
import { nextText, reasonText, verdictText } from './gate-words.ts';
import { RunReport, type RunReportOptions } from './run-report.ts';

/** Where things are on GitHub. */
export interface GateAddresses {
  pullRequestUrlOf: (number: number) => string;
  commitUrlOf: (sha: string) => string;
}

/** Collects what a run of the preview gate tells, and says it. Until `ended` the output `deploy` is `false`. */
export class GateReport extends RunReport<GateRecord> implements GateReporter {
  #addresses: GateAddresses | undefined;

  constructor(options: RunReportOptions) {
    super(options, {}, GATE_FIELDS);
    // Before anything can fail: whoever reads it must find a word, and this one harms nobody.
    this.publicOutput('deploy', 'false');
  }

  started(settings: NonNullable<GateRecord['settings']>): void {
    const { policy, environment, commandPhrase } = settings;
    this.record.settings = { policy, environment, commandPhrase };
    this.publicOutput('command-phrase', commandPhrase);
  }

  event(name: string, addresses: GateAddresses): void {
    this.record.eventName = name;
    this.#addresses = addresses;
  }

  pullRequestNamed(number: number): void {
    this.record.pullRequest = { number, url: this.#addresses?.pullRequestUrlOf(number) ?? '' };
    this.publicOutput('pull-request', number);
  }

  pullRequestKnown(target: GateTarget): void {
    const { number, headSha } = target;
    this.pullRequestNamed(number);
    this.record.commit = { sha: headSha, url: this.#addresses?.commitUrlOf(headSha) ?? '' };
    this.publicOutput('sha', headSha);
    this.publicOutput('ref', checkoutRefOf(target));
  }

  newestKnown(number: number): void {
    this.record.newest = number;
  }

  commandedBy(login: string): void {
    this.record.commander = login;
  }

  decided(because: GateDecision): void {
    this.record.because = because;
    this.log.info(`Preview gate: ${verdictText(this.record)}. ${reasonText(this.record)}`);
    // It is in nobody's way, and still not what a push to a pull request leads to expect.
    if (because === 'dependabot') this.log.notice(`${nextText(this.record)}`, 'Not deployed for Dependabot');
  }

  commentWritten({ url }: { url: string }): void {
    this.record.comment = { url };
  }

  checkRunMade({ id, url }: { id: number; url: string }): void {
    this.record.checkRun = { id, url };
  }

  checkRunHandedOn(id: number): void {
    this.publicOutput('check-run-id', id);
  }

  /** The run is over: the annotation, or the decision. Nothing before it says that anything may deploy. Never throws. */
  ended(error: ActionError | undefined): void {
    this.record.durationMs = this.elapsedMs();
    const { because } = this.record;
    if (error !== undefined) this.reportFailure(error);
    if (error !== undefined || because === undefined) return;
    const { deploys, reason } = VERDICTS[because];
    this.publicOutput('reason', reason);
    if (deploys) this.publicOutput('deploy', 'true');
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.writeSummary(() => renderGateSummary(this.snapshot()));
    for (const line of this.#lastLines()) this.log.info(line);
  }

  #lastLines(): string[] {
    const { because, failure, durationMs } = this.record;
    const duration = `Duration: ${formatDuration(durationMs)}`;
    if (failure !== undefined || because === undefined) return ['Deploy: false (nothing decided)', duration];
    const next = nextText(this.record);
    const { deploys, reason } = VERDICTS[because];
    return [`Deploy: ${deploys} (${reason})`, ...(next === undefined ? [] : [`What to do: ${next}`]), duration];
  }
}

import type { PageResult, PathCheck } from '../../domain/verification/checks.ts';
import type { PageVerdict } from '../../domain/verification/judge.ts';

/** So often in a row, an answer has to be as wished, or to be that of something in front of the storefront. */
export const ROW = 2;
/** For so long, a storefront that is not reached is asked again. */
const UNREACHABLE_MS = 15_000;
const MORE_TIME = 'Raise `verify-timeout-seconds`.';

/** What came of one page so far. */
export class PageProgress {
  readonly check: PathCheck;
  #attempts = 0;
  #last: PageVerdict | undefined;
  /** How many times in a row the last verdict was given. */
  #row = 0;
  /** What was wrong after it had been as wished: it comes and goes. */
  #relapse: PageVerdict | undefined;
  #timesUnhealthy = 0;
  /** When it was found unreachable, and was not reached since. */
  #unreachableMs: number | undefined;
  #firstByteMs: number | undefined;
  #warmFirstByteMs: number | undefined;

  constructor(check: PathCheck) {
    this.check = check;
  }

  /** It is known, and is not to be asked again. */
  isSettled(nowMs: number): boolean {
    if (this.#last?.doubt === 'unreachable') return nowMs >= (this.givenUpAtMs ?? 0);
    return this.#isKnown;
  }

  get #isKnown(): boolean {
    if (this.#last?.doubt === 'forbidden') return true;
    return this.#last !== undefined && this.#last.state !== 'unhealthy' && this.#row >= ROW;
  }

  get isHealthy(): boolean {
    return this.#last?.state === 'healthy' && this.#isKnown;
  }

  /** It was as wished once, and is to be asked again at once. */
  get isPromising(): boolean {
    return this.#last?.state === 'healthy' && !this.#isKnown;
  }

  /** When it is settled as unreachable unless it is reached before. */
  get givenUpAtMs(): number | undefined {
    return this.#unreachableMs === undefined ? undefined : this.#unreachableMs + UNREACHABLE_MS;
  }

  /** @param nowMs when it was known @param isCutShort it got less time than an attempt has, so a timeout says nothing */
  note(verdict: PageVerdict, nowMs: number, isCutShort = false): void {
    this.#attempts += 1;
    const last = this.#last;
    if (isCutShort && verdict.isTimeout === true) {
      // After a fault, it shows at least that this is not over.
      if (last?.state === 'unhealthy') this.#timesUnhealthy += 1;
      this.#last ??= CUT_SHORT;
      return;
    }
    if (verdict.state === 'unhealthy') this.#timesUnhealthy += 1;
    if (last?.state === 'healthy' && verdict.state === 'unhealthy') this.#relapse = verdict;
    const isSame = last?.state === verdict.state && last.doubt === verdict.doubt;
    this.#row = isSame ? this.#row + 1 : 1;
    this.#last = verdict;
    this.#unreachableMs = verdict.doubt === 'unreachable' ? (this.#unreachableMs ?? nowMs) : undefined;
    const { firstByteMs } = verdict;
    if (this.#firstByteMs === undefined) this.#firstByteMs = firstByteMs;
    else this.#warmFirstByteMs = firstByteMs ?? this.#warmFirstByteMs;
  }

  /** Another build answered: what was seen says nothing about this one. */
  reset(): void {
    this.#last = undefined;
    this.#row = 0;
    this.#relapse = undefined;
    this.#timesUnhealthy = 0;
    this.#unreachableMs = undefined;
    this.#firstByteMs = undefined;
    this.#warmFirstByteMs = undefined;
  }

  /** What the last answer says by itself. */
  lastResult(): PageResult {
    return this.#resultOf(this.#last ?? NEVER_ASKED);
  }

  /** What all answers say. @param before what came of it before the deployment */
  result(before?: PageResult): PageResult {
    const result = this.#resultOf(this.#verdict());
    const hasFailedBefore = result.state === 'unhealthy' && before?.state === 'unhealthy';
    return hasFailedBefore ? { ...result, hasFailedBefore } : result;
  }

  #resultOf({ doubt: _, isTimeout: __, ...verdict }: PageVerdict): PageResult {
    const times = { firstByteMs: this.#firstByteMs, warmFirstByteMs: this.#warmFirstByteMs };
    return { path: this.check.path, ...verdict, attempts: this.#attempts, ...times };
  }

  #verdict(): PageVerdict {
    const last = this.#last ?? NEVER_ASKED;
    if (last.state === 'unhealthy' && this.#timesUnhealthy < ROW && last.isTimeout !== true) {
      // A build that has just gone live may stumble once, and nobody is to be rolled back for that.
      const problem = `${last.problem}, and time ran out before it could be asked again`;
      return { ...last, state: 'inconclusive', problem, advice: MORE_TIME };
    }
    if (!this.isPromising) return last;
    if (this.#relapse !== undefined && this.#timesUnhealthy >= ROW) {
      return { ...this.#relapse, problem: `${this.#relapse.problem}, but not every time` };
    }
    const problem = 'worked once, and time ran out before it could be asked again';
    return { ...last, state: 'inconclusive', problem, advice: MORE_TIME };
  }
}

const NEVER_ASKED: PageVerdict = {
  state: 'inconclusive',
  problem: 'was not asked before time ran out',
  advice: MORE_TIME,
};

const CUT_SHORT: PageVerdict = {
  state: 'inconclusive',
  problem: 'did not answer in the little time that was left',
  advice: MORE_TIME,
};

import type { AnswerFault } from './answer-faults.ts';
import { ANSWER_FAULTS } from './answer-faults.ts';
import type { FaultDefinition, FaultOf } from './define.ts';

/** The faults that hit one request. */
export class AppliedFaults {
  readonly #faults: readonly { effect: string }[];

  /** @param faults each one parsed by its definition's schema */
  constructor(faults: readonly { effect: string }[]) {
    this.#faults = faults;
  }

  get effects(): string[] {
    return this.#faults.map(({ effect }) => effect);
  }

  /** The general fault that replaces or damages the answer, if there is one. */
  get answer(): AnswerFault | undefined {
    return this.all(ANSWER_FAULTS)[0];
  }

  find<Definition extends FaultDefinition>(definition: Definition): FaultOf<Definition> | undefined {
    return this.#faults.find((fault) => isFault(fault, definition));
  }

  /** Those of these definitions, in the order in which they were added. */
  all<Definition extends FaultDefinition>(definitions: readonly Definition[]): FaultOf<Definition>[] {
    return this.#faults.filter((fault): fault is FaultOf<Definition> =>
      definitions.some((definition) => isFault(fault, definition)),
    );
  }
}

/** One effect, one schema: a fault that has the effect was parsed by it. */
function isFault<Definition extends FaultDefinition>(
  fault: { effect: string },
  definition: Definition,
): fault is FaultOf<Definition> {
  return fault.effect === definition.effect;
}

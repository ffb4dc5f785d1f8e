/** What a CPU profile of V8 says about a run, by what was being done. */

interface CallFrame {
  functionName: string;
  url: string;
}
/** The parts of a `.cpuprofile` that are needed; `timeDeltas` in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

const WAITING = 'waiting';

/** The first rule that fits names the work. Functions of the system and of V8 have no address. */
const RULES: readonly (readonly [work: string, fits: (frame: CallFrame) => boolean])[] = [
  [WAITING, ({ functionName }) => functionName === '(idle)'],
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  ['SHA-256', ({ url }) => url === 'node:internal/crypto/hash'],
  ['search for secrets', ({ functionName, url }) => url === '' && functionName.startsWith('indexOf')],
  [
    'reading and writing files',
    ({ functionName, url }) => url === '' && /^(?:read|write|open|close|f?stat)/.test(functionName),
  ],
  ['deflate and CRC-32', ({ url }) => url === 'node:zlib'],
  ['compiling modules', ({ functionName }) => /^compile|^wrapSafe/.test(functionName)],
  ['this project', ({ url }) => url.startsWith('file:')],
  ['rest of Node', () => true],
];

/** All that is told apart, in the order of a table. */
export const WORKS = RULES.map(([work]) => work).filter((work) => work !== WAITING);

/**
 * Samples are spread over wall time, and the main thread's processor time is shared out by them; waiting takes none.
 * @param mainMs the main thread's processor time
 * @returns ms by work; what took none may be missing
 */
export function workTimes({ nodes, samples, timeDeltas }: CpuProfile, mainMs: number): Map<string, number> {
  const works = new Map(nodes.map(({ id, callFrame }) => [id, workOf(callFrame)]));
  const wall = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const work = works.get(id) ?? '';
    wall.set(work, (wall.get(work) ?? 0) + (timeDeltas[index] ?? 0));
  }
  wall.delete(WAITING);
  const total = [...wall.values()].reduce((sum, time) => sum + time, 0);
  return new Map([...wall].map(([work, time]) => [work, (time / total) * mainMs]));
}

function workOf(frame: CallFrame): string {
  return RULES.find(([, fits]) => fits(frame))?.[0] ?? '';
}

import * as z from 'zod/mini';
import type { Answer } from './answers.ts';
import { createEmptyAnswer, createJsonAnswer } from './answers.ts';
import { FaultError } from './faults/parse.ts';
import { findProblem } from './schema.ts';
import type { ControlRoute } from './service.ts';
import { controlRoute } from './service.ts';

const PREFIX = '/_emulator/';

/** What the platform's own routes need. */
export interface ControlledPlatform {
  readonly requests: readonly object[];
  readonly violations: readonly object[];
  state(): object;
  /** All or none. */
  addFaults(faults: readonly unknown[]): void;
  clearFaults(): void;
}

const PLATFORM_ROUTES: readonly ControlRoute<ControlledPlatform>[] = [
  controlRoute({
    method: 'GET',
    path: 'requests',
    help: 'every request so far',
    body: z.unknown(),
    run: ({ requests }) => requests,
  }),
  controlRoute({
    method: 'GET',
    path: 'violations',
    help: 'what no client may do, and one did (a token sent to storage)',
    body: z.unknown(),
    run: ({ violations }) => violations,
  }),
  controlRoute({
    method: 'GET',
    path: 'state',
    help: 'projects, uploads, deployments, channels, domains, redirects, batches, faults, and what is on GitHub',
    body: z.unknown(),
    run: (platform) => platform.state(),
  }),
  controlRoute({
    method: 'POST',
    path: 'faults',
    help: 'one fault, or a list of them',
    body: z.unknown(),
    run: (platform, body) => {
      const faults = Array.isArray(body) ? body : [body];
      platform.addFaults(faults);
      return { added: faults.length };
    },
  }),
  controlRoute({
    method: 'DELETE',
    path: 'faults',
    help: 'no more faults',
    body: z.unknown(),
    run: (platform) => platform.clearFaults(),
  }),
];

/** The control of the emulator for other processes. */
export class Control<Members extends object> {
  readonly #routes: readonly ControlRoute<ControlledPlatform & Members>[];

  constructor(services: readonly { readonly control?: readonly ControlRoute<Members>[] }[]) {
    this.#routes = [...PLATFORM_ROUTES, ...services.flatMap(({ control = [] }) => control)];
  }

  /** Method, address and description of each route. */
  get help(): (readonly [route: string, description: string])[] {
    return this.#routes.map(({ method, path, help }) => [`${method.padEnd(6)} ${PREFIX}${path}`, help] as const);
  }

  static isControlPath(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  /**
   * No token is asked for, and secrets are shown: the emulator listens on loopback only, unless another host was asked
   * for.
   */
  answer(method: string, path: string, body: unknown, target: ControlledPlatform & Members): Answer {
    const route = this.#routes.find((one) => one.method === method && `${PREFIX}${one.path}` === path);
    if (route === undefined) {
      const controls = this.help.map((texts) => texts.join('  '));
      return createJsonAnswer(404, { error: `no such control: ${method} ${path}`, controls });
    }
    try {
      const result = route.run(target, parseBody(route.body, body));
      return result === undefined ? createEmptyAnswer(204) : createJsonAnswer(200, result);
    } catch (error) {
      return createJsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** No body is an object without fields. */
function parseBody(schema: z.ZodMiniType, body: unknown = {}): unknown {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  const { path, words } = findProblem(schema, body, error);
  const field = path.filter((key) => typeof key === 'string').join('.');
  throw new FaultError(`${field || 'the body'} must be ${words}`);
}

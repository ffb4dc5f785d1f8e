/** The command line of `npm run demo`. */
import { parseArgs } from 'node:util';
import { parseCommandLine } from '../emulator/cli-options.ts';
import type { EmulatorOptions } from '../emulator/emulator.ts';
import { UsageError } from '../emulator/usage-error.ts';

export interface DemoArguments {
  /** Name of a demo. */
  demo: string;
  /** How the first demo serves what it has deployed; undefined: not at all. */
  serving: { options: Pick<EmulatorOptions, 'serve' | 'servePort'>; isOnce: boolean } | undefined;
}

/**
 * @param demos their names; the first one is shown unless another one is named, and is the one that can be served
 * @throws {UsageError} that says what cannot be followed
 */
export function parseDemoArguments(args: readonly string[], demos: readonly string[]): DemoArguments {
  const { values, positionals } = readTexts(args);
  const [first = ''] = demos;
  const [demo = first, ...others] = positionals;
  if (!demos.includes(demo)) throw new UsageError(`There is no demo "${demo}". Demos are ${demos.join(', ')}.`);
  if (others.length > 0) throw new UsageError(`One demo at a time: "${demo}" comes without "${others.join('", "')}".`);
  const { serve, once: isOnce, 'serve-port': port } = values;
  if (!serve && (isOnce || port !== undefined)) {
    throw new UsageError('--once and --serve-port go with --serve: `npm run demo -- --serve`.');
  }
  if (!serve) return { demo, serving: undefined };
  if (demo !== first) {
    throw new UsageError(`--serve goes without the name of a demo: \`npm run demo -- --serve\`, not with "${demo}".`);
  }
  return { demo, serving: { options: serveOptions(port), isOnce } };
}

function readTexts(args: readonly string[]) {
  const options = {
    serve: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    'serve-port': { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The port is checked, and chosen where none is given, as on the embedded platform's own command line. */
function serveOptions(port: string | undefined): Pick<EmulatorOptions, 'serve' | 'servePort'> {
  const parsed = parseCommandLine(['--serve', ...(port === undefined ? [] : [`--serve-port=${port}`])], () => {});
  const { serve, servePort }: EmulatorOptions = parsed === 'help' ? {} : parsed;
  return { serve, servePort };
}

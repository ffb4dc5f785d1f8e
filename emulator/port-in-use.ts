import type { EmulatorOptions } from './emulator.ts';

/** What to do about a port that is in use: it names the option that sets it. Undefined for any other error. */
export function explainPortInUse(
  error: unknown,
  { port, serve = false, servePort }: Pick<EmulatorOptions, 'port' | 'serve' | 'servePort'>,
): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error)) return undefined;
  const options = [
    ...(error.port === port ? ['--port'] : []),
    ...(serve && error.port === servePort ? ['--serve-port'] : []),
  ];
  return `Port ${error.port} is in use: choose another one with ${options.join(' and ')} (0: any free one).`;
}

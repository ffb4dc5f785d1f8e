/** What the commands of this repository share that take options. */

/** Ends the process with the message and the usage where the arguments are wrong. @param parse throws what is wrong */
export function readArguments<T>(parse: (args: string[]) => T, usage: string): T {
  try {
    return parse(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(1);
  }
}

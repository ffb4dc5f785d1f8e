/** How an action talks to a runner: workflow commands in its output, and command files. */

export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  value: string;
}

/** `::name key=value,key=value::value`, with the runner's escapes undone. */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
  if (match?.[1] === undefined) return undefined;
  const properties: Record<string, string> = {};
  for (const pair of (match[2] ?? '').split(',')) {
    const [key, ...value] = pair.split('=');
    if (key !== undefined && key.trim() !== '') properties[key.trim()] = unescapeCommand(value.join('='));
  }
  return { name: match[1], properties, value: unescapeCommand(match[3] ?? '') };
}

function unescapeCommand(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

/** The format of GITHUB_OUTPUT: `name<<delimiter`, the lines of the value, `delimiter`. The last one of a name counts. */
export function parseKeyValueFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const [name, delimiter] = (lines[index] ?? '').split('<<');
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, index + 1);
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
}

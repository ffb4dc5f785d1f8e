/** The README's quick start as data: what somebody does who reads nothing else. */
import { findWorkflows } from './written-workflows.ts';

export interface QuickStart {
  /** Where the workflow belongs in the storefront's repository. */
  path: string;
  /** As it is pasted. */
  workflow: string;
  /** Lines for a terminal that set what the workflow reads; each asks for its value. */
  commands: SetCommand[];
}

export interface SetCommand {
  line: string;
  kind: 'variable' | 'secret';
  name: string;
}

const COMMAND = /`(gh (variable|secret) set (\w+)[^`]*)` \|$/gm;
const FILE = /into the new file `([^`]+)`/;

/** @throws Error where a step is missing */
export function readQuickStart(readme: string): QuickStart {
  const section = readme.split(/^## /m).find((text) => text.startsWith('Quick start')) ?? '';
  const [workflow] = findWorkflows(section);
  const path = FILE.exec(section)?.[1];
  const commands = [...section.matchAll(COMMAND)].map(([, line = '', kind, name = '']): SetCommand => {
    return { line, kind: kind === 'variable' ? 'variable' : 'secret', name };
  });
  if (workflow === undefined || path === undefined || commands.length === 0) {
    throw new Error('the quick start of README.md has no workflow, no name for its file, or no commands');
  }
  return { path, workflow, commands };
}

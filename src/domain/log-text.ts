/**
 * Text of a server must not become a workflow command: `::command` at the start of a line (the runner trims more than
 * JavaScript's \s, U+0085 for one), `##[command]` anywhere. To be called without control characters, which could hide
 * one.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\r\n\u2028\u2029]*)::/gm, '$1: :').replace(/##\[/g, '## [');
}

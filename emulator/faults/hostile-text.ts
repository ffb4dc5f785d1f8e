/** Text that means something to the runner, to a terminal, to Markdown and to HTML. */
export const HOSTILE_MESSAGE =
  'oh no\r\n::error title=pwned::hostile\n##[error]hostile\n::set-output name=a::b\n\u001b[31mred\u001b[0m\u202e\u0000 ' +
  '</td></details><img src=x onerror=alert(1)> | `a` [b](javascript:c) <!-- comment --> @everyone #1';

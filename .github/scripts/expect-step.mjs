/**
 * Asserts how a step ended: `node expect-step.mjs outcome=failure outputs.error-code=30 outputs.url~^https://`, with
 * the step's context as JSON in STEP. `=` compares, `~` matches a regular expression; what is not there is empty.
 */
const step = JSON.parse(process.env.STEP ?? '');
let failures = 0;
for (const expectation of process.argv.slice(2)) {
  const [, path = '', operator, wanted = ''] = /^([\w.-]+)([=~])(.*)$/s.exec(expectation) ?? [];
  if (operator === undefined) throw new Error(`an expectation is <path>=<value> or <path>~<pattern>: ${expectation}`);
  const found = String(path.split('.').reduce((value, key) => value?.[key], step) ?? '');
  const holds = operator === '=' ? found === wanted : new RegExp(wanted).test(found);
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${expectation}${holds ? '' : ` (it is "${found}")`}`);
  if (!holds) failures += 1;
}
if (process.argv.length < 3) throw new Error('nothing is expected');
process.exitCode = failures > 0 ? 1 : 0;

// Preloaded into the measured Node processes (`node --require`): reports the highest resident memory that the
// kernel ever saw of this process (VmHWM, in kB), on file descriptor 3, as its last act.
const { readFileSync, writeSync } = require('node:fs');

process.on('exit', () => {
  const status = readFileSync('/proc/self/status', 'latin1');
  writeSync(3, `${/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0}\n`);
});

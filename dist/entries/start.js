/**
 * What comes before an action. Runners that know no `node24`, and people, start an entry with whatever Node they have:
 * this file and the entries are read by all of them, so they hold no syntax later than ES2020, and the bundle, which
 * holds later syntax, is loaded only when all is well.
 */
const NEEDED_MAJOR = 24;
/**
 * Runs an action, unless it was started in a way that it cannot or must not run.
 * @param isNeeded whether there is anything to do; a `post` step often has nothing
 */
export function start(name, isNeeded = true) {
    // A runner gives no arguments. None of them is shown, since one may be a secret.
    if (process.argv.length > 2) {
        refuse(usageOf(name));
    }
    else if (isNeeded && Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
        refuseOldNode();
    }
    else if (isNeeded) {
        void import('../main.js').then((main) => main.runAction(name));
    }
}
function usageOf(name) {
    return `dist/entries/${name}.js takes no arguments, and nothing was done.
It is the start of a GitHub Action, which a workflow runs with \`uses:\`. To try it without a runner, give its inputs as
environment variables: INPUT_ and the name of the input in upper case, and no arguments:

  env "INPUT_<NAME>=<value>" node dist/entries/${name}.js

docs/inputs.md in the repository has the inputs, docs/try-it.md says how to try it without a store.`;
}
function refuseOldNode() {
    const message = `This action needs Node.js ${NEEDED_MAJOR} or newer, and was started with ${process.version}. Update the runner to a version that knows \`using: node24\` (GitHub's from 2.327.1 on), or put Node.js ${NEEDED_MAJOR} first into the PATH of the machine or container that runs the job.`;
    if (process.env['GITHUB_ACTIONS'] !== 'true')
        refuse(message);
    else {
        console.log(`::error title=Node.js too old::${message}`);
        process.exitCode = 1;
    }
}
function refuse(message) {
    console.error(message);
    process.exitCode = 1;
}

// The file that `preview-gate/action.yml` names as `post`: almost always there is nothing left to do.
const { STATE_check: state = '' } = process.env;
if (/"isOpen":true/.test(state)) {
    const { runAction } = await import('../main.js');
    await runAction('preview-gate-post');
}
export {};

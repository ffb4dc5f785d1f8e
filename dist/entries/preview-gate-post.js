// The file that `preview-gate/action.yml` names as `post`: almost always there is nothing left to do.
import { start } from './start.js';
const { STATE_check: state = '' } = process.env;
start('preview-gate-post', /"isOpen":true/.test(state));

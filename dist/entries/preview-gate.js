// The file that `preview-gate/action.yml` names. dist/entries/ holds it as it is.
import { start } from './start.js';
start('preview-gate');

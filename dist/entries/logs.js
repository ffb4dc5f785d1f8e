// The file that `logs/action.yml` names. dist/entries/ holds it as it is.
import { start } from './start.js';
start('logs');

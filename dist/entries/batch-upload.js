// The file that `batch-upload/action.yml` names. dist/entries/ holds it as it is.
import { start } from './start.js';
start('batch-upload');

// The file that `action.yml` names as `post`: almost always there is nothing left to do, and no bundle to be loaded.
import { start } from './start.js';
const { 'STATE_github-status': shown = '', 'STATE_check-run': checkRun = '', 'STATE_support-bundle': supportBundle = '', } = process.env;
const isShownOpen = shown !== '' && !(/"isClosed":true/.test(shown) && /"isReported":true/.test(shown));
start('deploy-post', isShownOpen || checkRun !== '' || supportBundle !== '');

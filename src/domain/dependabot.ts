/** Who starts the runs of Dependabot, and writes its pull requests (API document, section 4: they get no secrets). */
export const DEPENDABOT = 'dependabot[bot]';

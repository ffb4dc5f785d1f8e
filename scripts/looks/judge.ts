import { outcomeOf } from '../faults/cell-check.ts';
import type { Document, Kind } from './kind.ts';
import type { Look, WidthPx } from './take-looks.ts';

/** What a success may take of a screen, at each width. */
export const MAX_HEIGHTS_PX: Readonly<Record<WidthPx, number>> = { 980: 420, 390: 480 };

/** All looks of a document. */
export interface Judged {
  document: Document;
  looks: readonly Look[];
}

/** What is wrong with what a kind has left; nothing where all is as it must be. */
export function findProblems(
  kind: Pick<Kind, 'outcome' | 'isLong'>,
  run: Parameters<typeof outcomeOf>[0],
  judged: readonly Judged[],
): string[] {
  const outcome = outcomeOf(run);
  const isOneScreen = run.exitCode === 0 && kind.isLong === undefined;
  return [
    ...(outcome === kind.outcome ? [] : [`it ended with "${outcome}", and not with "${kind.outcome}"`]),
    ...(judged.length === 0 ? ['it has left nothing to look at'] : []),
    ...judged.flatMap(({ document, looks }) =>
      looks.flatMap((look) => [
        ...(isOneScreen && document.name === 'summary' ? findHeightProblems(look) : []),
        ...findWidthProblems(document, look),
      ]),
    ),
  ];
}

function findHeightProblems({ widthPx, heightPx }: Look): string[] {
  const max = MAX_HEIGHTS_PX[widthPx];
  return heightPx <= max ? [] : [`the summary is ${heightPx} px high at ${widthPx} px: at most ${max} px are allowed`];
}

function findWidthProblems({ name }: Document, { widthPx, cutOff, cutOffInFolds }: Look): string[] {
  const folded = cutOffInFolds.filter((one) => !cutOff.includes(one));
  return [
    ...cutOff.map((one) => `the ${name} is cut off at ${widthPx} px: ${one}`),
    ...folded.map((one) => `a fold of the ${name} is cut off at ${widthPx} px: ${one}`),
  ];
}

/** Draws how time and memory grow, as an SVG that is readable on light and dark pages. */
import type { Axis, Series } from './results.ts';
import { MB } from './results.ts';
import { median } from './statistics.ts';

interface Point {
  x: number;
  y: number;
}

/** A line of the plot; the index of its name gives the colour. */
export interface Curve {
  name: string;
  points: readonly Point[];
}

export interface Panel {
  title: string;
  xLabel: string;
  yLabel: string;
  curves: readonly Curve[];
}

const WIDTH = 880;
const HEIGHT = 640;
const PANEL = { width: 350, height: 210 };
const LEFT = 70;
const TOP = 84;
const COLUMN = 440;
const ROW = 290;

/** One row for time and one for memory; files to the left, MB to the right. */
export function renderScalePlot(series: readonly Series[]): string {
  const panels = [
    ['files', 'time'],
    ['MB', 'time'],
    ['files', 'memory'],
    ['MB', 'memory'],
  ] as const;
  const names = [...new Set(series.map(({ contender }) => contender))];
  const drawn = panels.map(([axis, what], index) => {
    const x = LEFT + (index % 2) * COLUMN;
    const y = TOP + Math.floor(index / 2) * ROW;
    return `<g transform="translate(${x} ${y})">${renderPanel(panelOf(series, names, axis, what))}</g>`;
  });
  return `${[head(), legend(names), ...drawn, '</svg>'].join('\n')}\n`;
}

function panelOf(series: readonly Series[], names: readonly string[], axis: Axis, what: 'time' | 'memory'): Panel {
  const curves = names.map((name) => ({
    name,
    points: series
      .filter(({ contender, at }) => contender === name && at?.axis === axis)
      .map(({ at, ms, peakBytes }) => ({
        x: at?.value ?? 0,
        y: what === 'time' ? median(ms) : median(peakBytes) / MB,
      })),
  }));
  return {
    title: `${what === 'time' ? 'Wall time' : 'Peak memory'} by ${axis === 'files' ? 'number of files, 20 KB on average' : 'size'}`,
    xLabel: axis === 'files' ? 'files' : 'MB before compression',
    yLabel: what === 'time' ? 'ms' : 'MB',
    curves,
  };
}

function renderPanel({ title, xLabel, yLabel, curves }: Panel): string {
  const points = curves.flatMap((curve) => curve.points);
  const xs = points.map(({ x }) => x);
  const yTicks = logTicks(Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y)));
  const xTicks = [...new Set(xs)].toSorted((one, other) => one - other);
  const toX = logScale(Math.min(...xs), Math.max(...xs), 0, PANEL.width);
  const toY = logScale(yTicks[0] ?? 1, yTicks.at(-1) ?? 1, PANEL.height, 0);
  const { width, height } = PANEL;
  return [
    `<text class="title" x="0" y="-14">${title}</text>`,
    ...yTicks.map((tick) => `<path class="grid" d="M0 ${round(toY(tick))}H${width}"/>`),
    ...yTicks.map((tick) => `<text x="-8" y="${round(toY(tick) + 4)}" text-anchor="end">${number(tick)}</text>`),
    ...xTicks.map(
      (tick) => `<text x="${round(toX(tick))}" y="${height + 18}" text-anchor="middle">${number(tick)}</text>`,
    ),
    `<path class="axis" d="M0 0V${height}H${width}"/>`,
    `<text x="${width / 2}" y="${height + 38}" text-anchor="middle">${xLabel}</text>`,
    `<text x="-52" y="${height / 2}" text-anchor="middle" transform="rotate(-90 -52 ${height / 2})">${yLabel}</text>`,
    ...curves.map((curve, index) => renderCurve(curve, index, toX, toY)),
  ].join('\n');
}

function renderCurve({ points }: Curve, index: number, toX: Scale, toY: Scale): string {
  const places = points.map(({ x, y }) => `${round(toX(x))} ${round(toY(y))}`);
  const dots = places.map((place) => {
    const [x, y] = place.split(' ');
    return index === 0
      ? `<circle class="dot c0" cx="${x}" cy="${y}" r="3.5"/>`
      : renderSquare(Number(x), Number(y), index);
  });
  return [`<path class="line c${index}" d="M${places.join('L')}"/>`, ...dots].join('');
}

/** Another shape than the circle, for readers who cannot distinguish the colours. */
function renderSquare(x: number, y: number, index: number): string {
  return `<rect class="dot c${index}" x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7"/>`;
}

type Scale = (value: number) => number;

/** Maps values of a logarithmic axis from `low` to `high` to positions. A single value is placed in the middle. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const span = Math.log(high / low);
  return (value) => (span === 0 ? (from + to) / 2 : from + ((to - from) * Math.log(value / low)) / span);
}

/**
 * Steps of 1, 2 and 5 times a power of ten, from the last one that is not above `low` to the first not below `high`.
 */
export function logTicks(low: number, high: number): number[] {
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const factor of [1, 2, 5]) steps.push(Number((factor * 10 ** power).toPrecision(1)));
  }
  const first = steps.findLastIndex((step) => step <= low);
  const last = steps.findIndex((step) => step >= high);
  return steps.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
}

function head(): string {
  const colours = (back: string, text: string, faint: string, own: string, peer: string) =>
    `.back{fill:${back}}text{fill:${text}}.grid{stroke:${faint}}.axis{stroke:${text}}` +
    `.line.c0{stroke:${own}}.dot.c0{fill:${own}}.line.c1{stroke:${peer}}.dot.c1{fill:${peer}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Time and memory of packaging by number of files and by size">`,
    '<style>',
    'text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}.title{font-size:14px;font-weight:600}',
    '.grid,.axis,.line{fill:none;stroke-width:1}.line{stroke-width:2}',
    colours('#ffffff', '#424a53', '#d8dee4', '#0969da', '#bc4c00'),
    `@media(prefers-color-scheme:dark){${colours('#0d1117', '#b1bac4', '#373e47', '#539bf5', '#e0823d')}}`,
    '</style>',
    // A dark page on a light system would hide lines without a background.
    `<rect class="back" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
  ].join('\n');
}

function legend(names: readonly string[]): string {
  return names
    .map((name, index) => {
      const x = LEFT + index * COLUMN;
      const dot =
        index === 0 ? `<circle class="dot c0" cx="${x + 12}" cy="28" r="3.5"/>` : renderSquare(x + 12, 28, index);
      return `<path class="line c${index}" d="M${x} 28h24"/>${dot}<text x="${x + 32}" y="32">${escapeText(name)}</text>`;
    })
    .join('\n');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

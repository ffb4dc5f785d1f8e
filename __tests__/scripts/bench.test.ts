import { describe, expect, test } from '@jest/globals';
import { spreadSizes } from '../../scripts/bench/fixtures.ts';
import { interleave } from '../../scripts/bench/interleave.ts';
import { logScale, logTicks, renderScalePlot } from '../../scripts/bench/plot.ts';
import { withFigures, withRecorded } from '../../scripts/bench/report.ts';
import {
  betterOf,
  type Finding,
  goalRows,
  judge,
  renderMarkdown,
  renderText,
  type Series,
} from '../../scripts/bench/results.ts';
import { median, range, ratioOfMedians } from '../../scripts/bench/statistics.ts';

test('the median is the middle value, or the mean of the two middle ones, and an empty list has none', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 2, 9])).toBe(5.5);
  expect(() => median([])).toThrow('no median');
  expect(range([3, 1, 2])).toEqual({ min: 1, max: 3 });
});

test('a ratio is that of the medians, regardless of outliers', () => {
  expect(ratioOfMedians([30, 31, 5_000], [100, 1, 100])).toBe(0.31);
});

describe('judge', () => {
  const finding: Finding = { goal: 'time', measured: 0.4, unit: 'ratio', limit: 0.3 };

  test('holds a figure to its limit, from above or from below', () => {
    expect(judge(finding)).toBe('not met');
    expect(judge({ ...finding, measured: 0.3 })).toBe('met');
    expect(judge({ ...finding, bound: 'at-least' })).toBe('met');
    expect(judge({ ...finding, bound: 'at-least', measured: 0.29 })).toBe('not met');
  });

  test('gives slack towards worse figures, and none to exact ones', () => {
    expect(judge(finding, 1.35)).toBe('met');
    expect(judge({ ...finding, measured: 0.41 }, 1.35)).toBe('not met');
    expect(judge({ ...finding, bound: 'at-least', measured: 0.23 }, 1.35)).toBe('met');
    expect(judge({ ...finding, bound: 'at-least', measured: 0.22 }, 1.35)).toBe('not met');
    expect(judge({ ...finding, isExact: true }, 1.35)).toBe('not met');
  });

  test('the better one of two measurements counts', () => {
    const other = { ...finding, measured: 0.35 };
    expect(betterOf(finding, other)).toBe(other);
    expect(betterOf(other, finding)).toBe(other);
    expect(betterOf(finding, undefined)).toBe(finding);
    const least = { ...finding, bound: 'at-least' as const };
    expect(betterOf(least, { ...least, measured: 0.35 })).toBe(least);
  });

  test('a goal that was not met when recorded is guarded at the recorded figure, one that was met at its limit', () => {
    const least = { ...finding, goal: 'throughput', bound: 'at-least' as const };
    const exact = { ...finding, goal: 'size', isExact: true as const };
    const recorded = [
      { ...finding, measured: 0.34 },
      { ...least, measured: 0.28 },
      { ...exact, measured: 0.5 },
    ];
    const limits = withRecorded([finding, least, exact], recorded).map(({ limit }) => limit);
    expect(limits).toEqual([0.34, 0.28, 0.3]);
    expect(withRecorded([finding], [{ ...finding, measured: 0.2 }])).toEqual([finding]);
    expect(withRecorded([finding], [])).toEqual([finding]);
  });

  test('a figure that is not a number meets no goal, and one without a limit is only shown', () => {
    expect(judge({ ...finding, measured: Number.NaN })).toBe('not met');
    expect(judge({ goal: 'time', measured: 1, unit: 'ms' })).toBe('shown');
  });
});

test('contenders take turns, each begins in turn, and the first round does not count', async () => {
  const order: string[] = [];
  const contender = (name: string) => ({
    name,
    run: async () => {
      order.push(name);
      return { ms: order.length, peakBytes: 1 };
    },
  });
  const absent = { ...contender('absent'), missing: 'not installed' };
  const series = await interleave('case', [contender('a'), contender('b'), absent], 2);
  expect(order.join('')).toBe('abbaab');
  expect(series).toEqual([
    { scenario: 'case', contender: 'a', ms: [4, 5], peakBytes: [1, 1] },
    { scenario: 'case', contender: 'b', ms: [3, 6], peakBytes: [1, 1] },
    { scenario: 'case', contender: 'absent', ms: [], peakBytes: [], missing: 'not installed' },
  ]);
});

test('sizes of chunks fall, and add up to the byte', () => {
  const sizes = spreadSizes(1_000_003, 100);
  expect(sizes).toHaveLength(100);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000_003);
  expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
  expect(spreadSizes(0, 0)).toEqual([]);
});

test('tables are aligned for a terminal, and are Markdown for the page', () => {
  const rows = goalRows([{ goal: 'start', measured: 99.6, unit: 'ms', limit: 120 }]);
  expect(renderText(rows, 1)).toBe('goal   measured     limit\nstart    100 ms  ≤ 120 ms  met');
  expect(renderMarkdown(rows, 1)).toBe(
    '| goal | measured | limit |  |\n| --- | ---: | ---: | ---: |\n| start | 100 ms | ≤ 120 ms | met |',
  );
});

describe('the plot', () => {
  const at = (value: number, axis: 'files' | 'MB') => ({ axis, value });
  const one = (contender: string, axis: 'files' | 'MB', value: number, ms: number): Series => ({
    ...{ scenario: '', contender, at: at(value, axis), ms: [ms], peakBytes: [ms * 2 ** 20] },
  });

  test('places values by their logarithm', () => {
    const scale = logScale(1, 100, 0, 300);
    expect([1, 10, 100].map(scale)).toEqual([0, 150, 300]);
    expect(logScale(5, 5, 0, 300)(5)).toBe(150);
  });

  test('has ticks around all values', () => {
    expect(logTicks(30, 450)).toEqual([20, 50, 100, 200, 500]);
    expect(logTicks(100, 100)).toEqual([100]);
  });

  test('draws a line for each contender in each of four panels, within its bounds', () => {
    const series = ['ours', 'peer & co'].flatMap((name, index) =>
      (['files', 'MB'] as const).flatMap((axis) => [one(name, axis, 1, 60 + index), one(name, axis, 500, 900 + index)]),
    );
    const svg = renderScalePlot(series);
    expect(svg.match(/class="line c0" d="M0 /g)).toHaveLength(4);
    expect(svg.match(/class="line c1" d="M0 /g)).toHaveLength(4);
    expect(svg).toContain('peer &amp; co');
    expect(svg).not.toContain('NaN');
  });
});

test('the page gets its tables between their markers, and the text around them is unchanged', () => {
  const page = ['machine', 'goals', 'figures'].map(
    (name) => `${name}\n<!-- ${name}:start -->\nold\n<!-- ${name}:end -->\n`,
  );
  const machine = {
    processors: 2,
    model: 'CPU',
    memoryBytes: 2 ** 33,
    node: 'v24.0.0',
    platform: 'linux x64',
    loadAverage: 0,
  };
  const series = [{ scenario: 'small', contender: 'ours', ms: [10], peakBytes: [2 ** 20], zipBytes: 1234 }];
  const text = withFigures(page.join(''), { machine, rounds: 1, parts: { packaging: { findings: [], series } } });
  expect(text).toContain('CPU, 2 processors, 8 GB, linux x64, Node 24.0.0');
  expect(text).toContain('| small | ours | 10 | 10 to 10 | 1 | 1,234 |');
  expect(text).not.toContain('old');
});

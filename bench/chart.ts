import * as echarts from 'echarts';

import type { Question } from './question';
import { type Measurement, spreadOf } from './statistics';

const SIZE = { width: 820, height: 400 };

/** Draws the medians of a question as SVG: a group of bars for each case, a bar for each contestant. */
export function chartOf({ title, unit }: Question, measurements: readonly Measurement[]): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  try {
    chart.setOption(optionsOf(title, unit, measurements));
    return chart.renderToSVGString();
  } finally {
    chart.dispose(); // or its timers would keep the process alive
  }
}

/** What the chart library is given; the fonts are the reader's, the background is ours: pages may be dark. */
export function optionsOf(title: string, unit: string, measurements: readonly Measurement[]): object {
  const contestants = [...new Set(measurements.flatMap(({ samples }) => Object.keys(samples)))];
  const labelled = measurements.length * contestants.length <= 20; // more would not be readable
  return {
    animation: false,
    backgroundColor: '#fff',
    textStyle: { fontFamily: 'sans-serif' },
    title: { text: title, left: 'center', top: 8, textStyle: { fontSize: 15 } },
    legend: { bottom: 8 },
    grid: { top: 70, bottom: 70, left: 70, right: 24 },
    xAxis: { type: 'category', data: measurements.map(({ at }) => at) },
    yAxis: { type: 'value', name: unit },
    series: contestants.map((name) => ({
      type: 'bar',
      name,
      label: { show: labelled, position: 'top', fontSize: 10 },
      data: measurements.map(({ samples }) =>
        Object.hasOwn(samples, name) ? Number(spreadOf(samples[name]!).median.toPrecision(3)) : '-',
      ),
    })),
  };
}

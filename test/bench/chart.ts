import { init, use } from "echarts/core";
import { BarChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
} from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { comparisons } from "./comparisons.ts";
import { ratioOf, type Results } from "./results.ts";

use([BarChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer, TitleComponent]);

const SIZE = { width: 860, height: 620 };
const COLOURS = {
  light: { text: "#1f2328", line: "#d1d9e0", bars: ["#8c959f", "#0969da"] },
  dark: { text: "#f0f6fc", line: "#3d444d", bars: ["#9198a1", "#4493f8"] },
};
const SHOWN = ["durable", "queues", "receivers"];

/** Requests a second, in units of what people would use instead, as an SVG. */
export function toChart({ runs }: Results, theme: keyof typeof COLOURS): string {
  const { text, line, bars } = COLOURS[theme];
  // The axis of categories begins at the bottom.
  const rows = comparisons.filter(({ section }) => SHOWN.includes(section)).toReversed();
  const chart = init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  chart.setOption({
    animation: false,
    color: bars,
    textStyle: { color: text, fontFamily: "system-ui, sans-serif" },
    title: {
      text: "Requests a second, over those of what you would use instead (1 is equally fast)",
      textStyle: { color: text, fontSize: 15, fontWeight: "normal" },
      left: "center",
    },
    legend: { bottom: 0, itemGap: 40, textStyle: { color: text } },
    // Without a browser nobody knows how wide the labels are.
    grid: { left: 310, right: 48, top: 40, bottom: 56, outerBoundsMode: "none" },
    xAxis: {
      type: "value",
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: line } },
    },
    yAxis: {
      type: "category",
      data: rows.map(({ title }) => title.replaceAll("`", "")),
      axisLabel: { color: text },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    series: runs.map((run) => ({
      name: `Node ${run.version.split(".")[0]}`,
      type: "bar",
      data: rows.map((row) => ratioOf(run, row)?.median ?? 0),
      label: {
        show: true,
        position: "right",
        color: text,
        formatter: ({ value }: { value: number }) => value.toFixed(2),
      },
      markLine: {
        silent: true,
        symbol: "none",
        label: { show: false },
        lineStyle: { color: text, type: "solid" },
        data: [{ xAxis: 1 }],
      },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

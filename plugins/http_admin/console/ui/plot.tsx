// A plot of lines over the last minutes, drawn on a canvas in the colours of the style sheet.
import { useEffect, useRef, useState } from 'preact/hooks';

import { t } from '../lib/i18n';
import { useStore } from '../lib/store';
import { theme } from '../lib/theme';

export interface Line {
  name: string;
  /** One value per time; null where nothing is known. */
  values: (number | null)[];
}

interface PlotProps {
  title: string;
  /** Unix milliseconds, one a second or so. */
  times: number[];
  lines: Line[];
  show: (value: number) => string;
  hint?: string;
}

const height = 132;
const bottom = 18;
const top = 6;

/** 1, 2 or 5 times a power of ten, not below the value. */
function ceiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
}

const longest = 180_000;
const shortest = 60_000;

/** What is shown grows with what is known. */
const spanOf = (times: number[]): number => Math.min(longest, Math.max(shortest, (times.at(-1) ?? 0) - (times[0] ?? 0)));

/** Lines break where no value is, and where none was fetched for a while. */
const gap = 6000;

interface Scale {
  x: (at: number) => number;
  y: (value: number) => number;
}

function trace(pen: CanvasRenderingContext2D, times: number[], values: (number | null)[], { x, y }: Scale): void {
  pen.beginPath();
  let before = -Infinity;
  times.forEach((at, i) => {
    const value = values[i];
    if (value === null || value === undefined) return void (before = -Infinity);
    if (at - before > gap) pen.moveTo(x(at), y(value));
    else pen.lineTo(x(at), y(value));
    before = at;
  });
  pen.stroke();
}

function draw(canvas: HTMLCanvasElement, { times, lines, show }: PlotProps, pointed: number | null): void {
  const pen = canvas.getContext('2d');
  const width = canvas.clientWidth;
  if (!pen || !width) return;
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  pen.scale(dots, dots);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const last = times.at(-1) ?? Date.now();
  const span = spanOf(times);
  const most = ceiling(1.05 * Math.max(0, ...lines.flatMap((line) => line.values.map((v) => v ?? 0))));
  const scale: Scale = {
    x: (at) => width - ((last - at) / span) * width - 1,
    y: (value) => height - bottom - (value / most) * (height - bottom - top),
  };
  pen.font = `11px ${style.fontFamily}`;
  pen.fillStyle = colour('--soft');
  pen.strokeStyle = colour('--grid');
  pen.lineWidth = 1;
  for (const part of [0, 0.5, 1]) {
    const y = Math.round(scale.y(most * part)) + 0.5;
    pen.beginPath();
    pen.moveTo(0, y);
    pen.lineTo(width, y);
    pen.stroke();
    if (part) pen.fillText(show(most * part), 2, y + 12);
  }
  for (let minute = 0; minute <= span; minute += 60_000) {
    pen.textAlign = minute === 0 ? 'right' : span - minute < 20_000 ? 'left' : 'center';
    pen.fillText(minute ? t('plot.minutes', { n: minute / 60_000 }) : t('plot.now'), Math.max(0, scale.x(last - minute)), height - 4);
  }
  pen.textAlign = 'left';
  pen.lineJoin = 'round';
  pen.lineWidth = 1.75;
  lines.forEach((line, i) => {
    pen.strokeStyle = colour(`--line-${i % 6}`);
    trace(pen, times, line.values, scale);
  });
  if (pointed === null || times[pointed] === undefined) return;
  const x = Math.round(scale.x(times[pointed])) + 0.5;
  pen.lineWidth = 1;
  pen.strokeStyle = colour('--soft');
  pen.beginPath();
  pen.moveTo(x, top);
  pen.lineTo(x, height - bottom);
  pen.stroke();
}

function nearest(times: number[], at: number): number | null {
  let best: number | null = null;
  times.forEach((each, i) => {
    if (best === null || Math.abs(each - at) < Math.abs(times[best]! - at)) best = i;
  });
  return best;
}

export function Plot(props: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [width, setWidth] = useState(0);
  useStore(theme);
  useEffect(() => {
    const watch = new ResizeObserver(() => setWidth(canvas.current?.clientWidth ?? 0));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const again = (): void => setWidth((w) => w + 0.001);
    watch.observe(canvas.current!);
    dark.addEventListener('change', again);
    return () => {
      watch.disconnect();
      dark.removeEventListener('change', again);
    };
  }, []);
  const { times, lines, show } = props;
  useEffect(() => draw(canvas.current!, props, pointed), [props, pointed, width]);
  const at = pointed ?? times.length - 1;
  const point = (e: PointerEvent): void => {
    const box = canvas.current!.getBoundingClientRect();
    setPointed(nearest(times, (times.at(-1) ?? 0) - ((box.right - e.clientX) / box.width) * spanOf(times)));
  };
  const said = (line: Line): string => {
    const value = line.values[at];
    return value === null || value === undefined ? '–' : show(value);
  };
  return (
    <figure class="plot">
      <figcaption>
        <h2 title={props.hint}>{props.title}</h2>
        <ul>
          {lines.map((line, i) => (
            <li key={line.name} class={`line-${i % 6}`}>
              {line.name} <b>{said(line)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <canvas ref={canvas} height={height} role="img" aria-label={`${props.title}: ${lines.map((l) => `${l.name} ${said(l)}`).join(', ')}`} onPointerMove={point} onPointerLeave={() => setPointed(null)} />
    </figure>
  );
}

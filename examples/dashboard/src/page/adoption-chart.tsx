import type { AdoptionHour } from '@kivyx-ota/database';
import type { ReactNode } from 'react';
import { time } from './texts.ts';

const WIDTH = 640;
const HEIGHT = 200;
const LEFT = 48;
const BOTTOM = 24;
const LINES = ['install', 'healthy', 'failed'] as const;

/** Devices since the first hour that is known, by mark: each device is counted in the hour of its first report. */
export function AdoptionChart({ hours }: { readonly hours: readonly AdoptionHour[] }): ReactNode {
  if (hours.length === 0) return <p>Nothing in the last seven days.</p>;
  const starts = hours.map(({ hourStartSeconds }) => hourStartSeconds);
  const first = Math.min(...starts);
  const end = Math.max(...starts) + 3600;
  const lines = LINES.map((mark) => ({ mark, points: sums(hours, mark, first, end) }));
  const most = roundUp(Math.max(...lines.flatMap(({ points }) => points.map(([, devices]) => devices))));
  const x = (seconds: number): number => LEFT + ((seconds - first) / (end - first)) * (WIDTH - LEFT);
  const y = (devices: number): number => 8 + (1 - devices / most) * (HEIGHT - BOTTOM - 8);
  const last = lines.map(({ mark, points }) => `${points.at(-1)?.[1] ?? 0} ${mark}`).join(', ');
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Devices over time: ${last}`}>
        {[0, 0.5, 1].map((part) => (
          <g key={part} className="grid">
            <line x1={LEFT} x2={WIDTH} y1={y(part * most)} y2={y(part * most)} />
            <text x={LEFT - 6} y={y(part * most) + 4} textAnchor="end">
              {(part * most).toLocaleString('en')}
            </text>
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 4}>
          {time(first * 1000)}
        </text>
        <text x={WIDTH} y={HEIGHT - 4} textAnchor="end">
          {time(end * 1000)}
        </text>
        {lines.map(({ mark, points }) => (
          <polyline
            key={mark}
            className={mark}
            points={points.map(([seconds, devices]) => `${x(seconds)},${y(devices)}`).join(' ')}
          />
        ))}
      </svg>
      <figcaption>
        {LINES.map((mark) => (
          <span key={mark} className={mark}>
            {mark}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** Sums at the end of each hour, from nothing at the start. */
function sums(
  hours: readonly AdoptionHour[],
  mark: string,
  first: number,
  end: number,
): (readonly [seconds: number, devices: number])[] {
  const points: (readonly [number, number])[] = [[first, 0]];
  let sum = 0;
  const marked = hours
    .filter((hour) => hour.mark === mark)
    .sort((a, b) => a.hourStartSeconds - b.hourStartSeconds);
  for (const { devices, hourStartSeconds } of marked) {
    // Flat until this hour begins.
    points.push([hourStartSeconds, sum]);
    sum += devices;
    points.push([hourStartSeconds + 3600, sum]);
  }
  points.push([end, sum]);
  return points;
}

/** The next 1, 2 or 5 times a power of ten. */
function roundUp(count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(count, 1)));
  return power * ([1, 2, 5, 10].find((one) => one * power >= count) ?? 10);
}

import { integerField } from './text-record.ts';

/** How a launch ended, as far as a handler could tell. `bg`: in the background, or by a wanted reload. */
export type MarkerKind = 'crash' | 'timeout' | 'bg';

/** Evidence about a launch: a file whose name says all, because a handler can do no more than make one. */
export interface Marker {
  readonly kind: MarkerKind;
  readonly launchId: number;
}

/** File name of a marker, e.g. `crash.17`. */
export function markerName({ kind, launchId }: Marker): string {
  return `${kind}.${launchId}`;
}

/** The marker that a file name stands for; `undefined` for any other file. */
export function parseMarkerName(name: string): Marker | undefined {
  const match = /^(crash|timeout|bg)\.([1-9][0-9]*)$/.exec(name);
  if (match === null) return undefined;
  const launchId = integerField.parse(match[2] as string);
  return launchId === undefined ? undefined : { kind: match[1] as MarkerKind, launchId };
}

import type { PublishWarning } from './check/flag-warnings.ts';

/** What happens while publishing, for progress bars and logs. */
export type PublishEvent =
  | {
      readonly type: 'object';
      readonly path: string;
      readonly sha256Hex: string;
      readonly sizeBytes: number;
      readonly uploaded: boolean;
      /** Files, and their bytes. */
      readonly done: number;
      readonly total: number;
      readonly doneBytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly type: 'patch';
      readonly baseSha256Hex: string;
      /** Bases. */
      readonly done: number;
      readonly total: number;
      /** It was stored already and not built again. */
      readonly reused?: boolean;
      readonly sizeBytes?: number;
      readonly format?: string;
      readonly skipped?: 'not-worth-it' | 'base-missing';
    }
  | { readonly type: 'manifest'; readonly sha256Hex: string; readonly versionCode: number }
  | { readonly type: 'warning'; readonly warning: PublishWarning }
  | { readonly type: 'race-lost'; readonly attempt: number }
  | { readonly type: 'index'; readonly sequence: number };

import type { PatchMaker } from '../options.ts';

/** What a thread is asked for. */
export type PatchTask = { readonly id: number; readonly base: Uint8Array } & (
  | { readonly verb: 'create'; readonly target: Uint8Array; readonly fullSizeBytes: number }
  | { readonly verb: 'apply'; readonly patch: Uint8Array }
);

/** What it answers. */
export type PatchAnswer =
  | { readonly id: number; readonly value: Awaited<ReturnType<PatchMaker['create']>> | Uint8Array }
  | {
      readonly id: number;
      readonly error: {
        readonly code?: string;
        readonly message: string;
        readonly details?: Readonly<Record<string, unknown>>;
      };
    };

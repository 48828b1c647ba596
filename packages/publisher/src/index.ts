export { type BundleKind, bundleKind } from './bundle-kind.ts';
export type { ChannelState } from './channel-document.ts';
export type { PublishError, PublishErrorCode } from './error.ts';
export type { PublishEvent } from './events.ts';
export type { CompressedVariant, PatchMaker, PublisherOptions } from './options.ts';
export { createPublisher, type Publisher, type PublishPlan, type PublishResult } from './publisher.ts';
export type { InputFile, ReleaseInput } from './release-input.ts';
export type { ChannelProblem, ChannelReport } from './verify-channel.ts';

export { type ApiKeyGrant, apiKeyAuthentication, createApiKey } from './api-keys.ts';
export type { Channels, ChannelSnapshot } from './channels.ts';
export { type ServerError, type ServerErrorCode } from './error.ts';
export { createOtaHandler, createOtaServer, type OtaHandler, type OtaServer } from './ota-server.ts';
export type { OtaServerOptions, Principal, RateLimit, RateLimitRequest, RequestContext } from './options.ts';
export { createTokenBuckets, type TokenBuckets, type TokenBucketsOptions } from './token-buckets.ts';
export { encodeUpdateQuery } from './update-query.ts';
export { subnetOf } from './subnet.ts';
export type { GuardrailOptions, GuardrailPause } from './guard.ts';

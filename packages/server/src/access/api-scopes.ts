import type { ApiScope } from '@kivyx-ota/database';

/** Every scope that a key may have. */
export const API_SCOPES = ['read', 'rollout', 'publish', 'keys'] as const satisfies readonly ApiScope[];

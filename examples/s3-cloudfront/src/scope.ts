/** The channel of this example; the app says the same. */
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

import { createOta } from '@kivyx-ota/client-react-native';

/** The public half of the café's release key, as `kivyx keys show` prints it. The other half never comes near the app. */
const RELEASE_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJrZodr9cc3FOwPP4SNTERNX6n4rZ
fALK1mc1TNSvMtnEUqwAdADNpPFdqswUVChLTotW2J45soeE0iPgb+L1iQ==
-----END PUBLIC KEY-----`;

/** Updates of this app: one for the whole process. */
export const ota = createOta({
  app: 'cafe',
  baseUrl: 'https://updates.cafe.example/',
  channel: 'production',
  install: 'on-next-resume',
  minimumBackgroundMs: 600_000,
  project: 'acme',
  trust: { keys: [RELEASE_KEY] },
});

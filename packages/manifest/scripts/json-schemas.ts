// JSON Schemas of the three documents as people see them (`inspectUnverified`, APIs), made from the very schemas that
// devices validate with. What JSON Schema cannot say (sorted lists, paths beside each other, sums) is in the prose.
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { CHANNEL_INDEX } from '../src/documents/channel-index.ts';
import { MANIFEST } from '../src/documents/manifest.ts';
import { TRUST_ROOT } from '../src/documents/trust-root.ts';
import type { DocumentKind } from '../src/codec/document.ts';

const KINDS: Readonly<Record<string, DocumentKind<unknown>>> = {
  'channel-index': CHANNEL_INDEX,
  manifest: MANIFEST,
  'trust-root': TRUST_ROOT,
};

// Keys are bytes in a trust root and JWKs in its JSON view.
const JWK: JsonSchema = {
  properties: {
    alg: { type: 'string' },
    crv: { enum: ['P-256', 'Ed25519'] },
    kid: { type: 'string' },
    kty: { enum: ['EC', 'OKP'] },
    x: { type: 'string' },
    y: { type: 'string' },
  },
  required: ['kty', 'crv', 'kid', 'x'],
  type: 'object',
};

/** File name in docs/spec/schema → its text. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(KINDS).map(([name, { schema }]) => [`${name}.schema.json`, text(name, schema)]),
  );
}

function text(name: string, schema: DocumentKind<unknown>['schema']): string {
  const made = toJsonSchema(schema as Parameters<typeof toJsonSchema>[0], {
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema }) => {
      if (valibotSchema.type === 'instance') return JWK;
      if (valibotSchema.type === 'custom') return { type: 'object' };
      return undefined;
    },
    target: 'draft-2020-12',
    typeMode: 'input',
  }) as JsonSchema & { properties: Record<string, unknown>; required: string[] };
  // The format version is of the encoding; documents in JSON do not carry it.
  const { formatVersion: _version, ...properties } = made.properties;
  const required = made.required.filter((member) => member !== 'formatVersion');
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:kivyx-ota:schema:${name}:v1`, title: name, ...made, properties, required }, null, 2)}\n`;
}

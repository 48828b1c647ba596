// JSON Schemas of the three documents as people see them (`inspectUnverified`, APIs), made from the very shapes that
// devices read with. What JSON Schema cannot say (sorted lists, paths beside each other, sums) is in the prose.
import { CHANNEL_INDEX } from '../src/documents/channel-index.ts';
import { MANIFEST } from '../src/documents/manifest.ts';
import { TRUST_ROOT } from '../src/documents/trust-root.ts';
import type { Shape } from '../src/shape/shape.ts';

const SHAPES: Readonly<Record<string, Shape>> = {
  'channel-index': CHANNEL_INDEX.shape,
  manifest: MANIFEST.shape,
  'trust-root': TRUST_ROOT.shape,
};

// Keys are bytes in a trust root and JWKs in its JSON view.
const JWK = {
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
    Object.entries(SHAPES).map(([name, shape]) => [`${name}.schema.json`, text(name, shape)]),
  );
}

function text(name: string, shape: Shape): string {
  const head = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:kivyx-ota:schema:${name}:v1`,
    title: name,
  };
  return `${JSON.stringify({ ...head, ...jsonSchemaOf(shape) }, null, 2)}\n`;
}

function jsonSchemaOf(shape: Shape): object {
  switch (shape.kind) {
    case 'text':
      return { type: 'string', pattern: shape.pattern.source };
    case 'line':
    case 'path':
      return { type: 'string' };
    case 'word':
      return { enum: shape.words, type: 'string' };
    case 'integer':
      return { type: 'integer', minimum: shape.min, maximum: shape.max };
    case 'boolean':
      return { type: 'boolean' };
    case 'hex':
      return { type: 'string', pattern: `^[0-9a-f]{${shape.size * 2}}$` };
    case 'bytes':
      return JWK;
    case 'json':
      return { type: 'object' };
    case 'list':
      return {
        type: 'array',
        items: jsonSchemaOf(shape.of),
        ...(shape.min === 0 ? {} : { minItems: shape.min }),
        ...(shape.max === Infinity ? {} : { maxItems: shape.max }),
      };
    case 'record': {
      const members = Object.entries(shape.members);
      return {
        type: 'object',
        properties: Object.fromEntries(members.map(([name, member]) => [name, jsonSchemaOf(member[1])])),
        required: members.filter((member) => member[1].length === 2).map(([name]) => name),
        additionalProperties: false,
      };
    }
  }
}

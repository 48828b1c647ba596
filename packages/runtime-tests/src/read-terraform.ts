// Terraform's configuration as data, read by HashiCorp's own parser (compiled to WebAssembly): what can be checked where terraform is not.
import { parse } from '@cdktf/hcl2json';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block: its arguments and blocks by name. Expressions are texts like `${var.name}`. */
export type Block = Readonly<Record<string, unknown>>;

/** A configuration. */
export interface TerraformConfiguration {
  /** The resource of this type and name. @throws Error when there is none */
  resource(type: string, name: string): Block;
  /** The value of a local, as it is written. */
  local(name: string): unknown;
  /** Names of the resources of a type. */
  resources(type: string): readonly string[];
  /** Every `type.name` that is declared or referred to, as `resource`, `data`, `var` or `local`: the second set must be in the first. */
  readonly declared: ReadonlySet<string>;
  readonly referred: ReadonlySet<string>;
}

/** Reads the `.tf` files of a folder; those of `tests/` are parsed and no more. @throws Error where one is not HCL */
export async function readTerraform(folder: string): Promise<TerraformConfiguration> {
  const resources = new Map<string, Map<string, Block>>();
  const locals = new Map<string, unknown>();
  const declared = new Set<string>();
  const referred = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.tf'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    const file = (await parse(name, text)) as {
      readonly resource?: Record<string, Record<string, readonly Block[]>>;
      readonly data?: Record<string, Record<string, readonly Block[]>>;
      readonly variable?: Record<string, unknown>;
      readonly locals?: readonly Block[];
    };
    for (const [type, byName] of Object.entries(file.resource ?? {}))
      for (const [label, [block = {}]] of Object.entries(byName)) {
        resources.set(type, (resources.get(type) ?? new Map<string, Block>()).set(label, block));
        declared.add(`${type}.${label}`);
      }
    for (const [type, byName] of Object.entries(file.data ?? {}))
      for (const label of Object.keys(byName)) declared.add(`data.${type}.${label}`);
    for (const label of Object.keys(file.variable ?? {})) declared.add(`var.${label}`);
    for (const block of file.locals ?? [])
      for (const [label, value] of Object.entries(block)) {
        declared.add(`local.${label}`);
        locals.set(label, value);
      }
    const code = text.replaceAll(/^\s*#.*$/gm, '');
    for (const [reference] of code.matchAll(
      /(?<![\w.])(?:(?:var|local)\.\w+|(?:data\.)?(?:aws|archive)_\w+\.\w+)/g,
    ))
      referred.add(reference);
  }
  const tests = join(folder, 'tests');
  for (const name of existsSync(tests) ? readdirSync(tests) : [])
    await parse(name, readFileSync(join(tests, name), 'utf8'));
  return {
    declared,
    local: (name) => locals.get(name),
    referred,
    resource: (type, name) => {
      const found = resources.get(type)?.get(name);
      if (found === undefined) throw new Error(`There is no resource "${type}" "${name}"`);
      return found;
    },
    resources: (type) => Array.from(resources.get(type)?.keys() ?? []),
  };
}

/** A statement of a policy. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[] | string;
  readonly Resource: readonly string[] | string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What is inside `jsonencode(…)`. @throws Error when it is something else */
export async function readPolicy(expression: unknown): Promise<readonly PolicyStatement[]> {
  const inner = /^\$\{jsonencode\(([\s\S]*)\)\}$/.exec(String(expression))?.[1];
  if (inner === undefined) throw new Error('Not a jsonencode(…)');
  const { locals } = (await parse('policy.tf', `locals {\n policy = ${inner}\n}\n`)) as {
    locals: readonly { policy: { Statement: readonly PolicyStatement[] } }[];
  };
  return locals[0]?.policy.Statement ?? [];
}

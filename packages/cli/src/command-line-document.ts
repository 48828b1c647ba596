import type { Command } from 'commander';
import { createProgram } from './program.ts';

/** docs/cli.md: every command in its own words. */
export function commandLineDocument(): string {
  const program = createProgram();
  const sections = flatten(program).map(
    (command) => `## ${nameOf(command)}\n\n\`\`\`text\n${command.helpInformation().trim()}\n\`\`\`\n`,
  );
  return `# The \`kivyx\` command

Made from the commands' own help by \`packages/cli/scripts/write-docs.ts\`.

Flags stand above the environment, and that above the configuration file, so that CI needs no file. Every flag has a variable, which its help names, and a place in the
configuration (\`flags: { publish: { rollout: 10 }, gc: { keepDays: 60 } }\`);
besides there are \`KIVYX_PRIVATE_KEY\` or \`KIVYX_PRIVATE_KEY_FILE\` (keys/release.pem), \`KIVYX_INDEX_KEY\` or \`KIVYX_INDEX_KEY_FILE\` (keys/index.pem, where indexes have a key of their own), \`KIVYX_TRUST\` (public keys or a root, a file), \`KIVYX_PATCH_BASES\`,
\`KIVYX_API_KEY\` or \`KIVYX_API_KEY_FILE\` (for a server) and \`KIVYX_UPLOADS\` (its channel of uploads). A switch is off when its
variable is empty, \`0\` or \`false\`. \`--json\` prints the result for machines; progress goes to the terminal
only. A private key is never printed.

| exit code | means |
|---:|---|
| 0 | done |
| 1 | refused; the message says why and what to do, nothing was changed (but for a publish of two platforms of which one failed at the very end: the report names it) |
| 2 | the command line or the configuration makes no sense |
| 3 | \`verify\` or \`doctor\` found something |

${sections.join('\n')}`;
}

function flatten(program: Command): Command[] {
  return program.commands
    .flatMap((command) => (command.commands.length > 0 ? command.commands : [command]))
    .filter((command) => command.name() !== 'help') as Command[];
}

function nameOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null
    ? `kivyx ${command.name()}`
    : `kivyx ${parent.name()} ${command.name()}`;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, kivyx } from './run-kivyx.ts';

const STORY: readonly (readonly [comment: string, ...commands: string[]])[] = [
  [
    'A folder with what the bundler and hermesc made: `build/` is 1.0.0, `next/` is 1.0.1.',
    'init --project acme --app cafe',
    'keys generate',
  ],
  ['The first release goes to everybody.', 'publish --folder build --release 1.0.0 --runtime-version 42'],
  [
    'The next one to a tenth of the devices. The patch is what they download.',
    'publish --folder next --release 1.0.1 --runtime-version 42 --rollout 10',
    'list',
  ],
  [
    'Two devices ask; one is in the tenth.',
    'explain --device phone-3 --runtime-version 42 --current 1',
    'explain --device phone-7 --runtime-version 42 --current 1',
  ],
  ['It looks good, so everybody gets it.', 'rollout 1.0.1 100%'],
  [
    'It was not good.',
    'revoke 1.0.1 --to 1.0.0',
    'explain --device phone-3 --runtime-version 42 --current 2',
  ],
  ['Is everything as devices need it, and who did what?', 'verify', 'log'],
];

/** Runs the story, and gives docs/transcript.md. */
export async function transcript(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'kivyx-transcript-'));
  try {
    for (const [folder, bundle] of [
      ['build', 'base-99.hbc'],
      ['next', 'target-99.hbc'],
    ] as const) {
      mkdirSync(join(home, folder, 'drawable-mdpi'), { recursive: true });
      writeFileSync(join(home, folder, 'main.hbc'), fixture(bundle));
      writeFileSync(join(home, folder, 'drawable-mdpi/cup.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
    }
    // By its rules assets are checked.
    mkdirSync(join(home, 'node_modules/react-native'), { recursive: true });
    writeFileSync(join(home, 'node_modules/react-native/package.json'), '{"version":"0.88.1"}');
    const sections: string[] = [];
    for (const [comment, ...commands] of STORY) {
      const lines: string[] = [];
      for (const command of commands) {
        const { code, stderr, stdout } = await kivyx(command.split(' '), { cwd: home });
        if (code !== 0) throw new Error(`kivyx ${command} ended with ${code}: ${stderr}`);
        lines.push(`$ kivyx ${command}`, stdout.trimEnd().replaceAll(home, '~/cafe'));
      }
      sections.push(`${comment}\n\n\`\`\`console\n${lines.join('\n')}\n\`\`\`\n`);
    }
    return `# A session with \`kivyx\`\n\nWritten by \`packages/cli/scripts/write-transcript.ts\`, which runs these commands; a test runs them again and compares.\n\n${sections.join('\n')}`;
  } finally {
    rmSync(home, { force: true, recursive: true });
  }
}

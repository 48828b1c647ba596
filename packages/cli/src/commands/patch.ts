import { fastestDiffer } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import { LIMITS, objectKey } from '@kivyx-ota/manifest';
import { createPublisher, type PatchOutcome, type PatchSections } from '@kivyx-ota/publisher';
import type { ObjectStorage } from '@kivyx-ota/storage';
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { nameBases } from '../name-bases.ts';
import { usageError } from '../usage-error.ts';
import { bytes, createOutput, table } from '../output.ts';
import { type CommonFlags, findRelease, openSession, readIndex } from '../session.ts';
import { readAdoption } from '../read-adoption.ts';
import { readBytes } from '../read-file.ts';
import { parseCount } from '../parse-count.ts';

interface PatchFlags extends CommonFlags {
  readonly out?: string;
  readonly report?: boolean;
  readonly release?: string;
  readonly bases: string;
  readonly embedded?: string;
  readonly adoption?: string;
  readonly workers?: string;
}

/** `patch`: between two files, or for what is published already. */
export function addPatchCommand(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('patch'))
    .description(
      'Make patches for a release that is published, and offer them. With two files: make the patch between them, and apply it.',
    )
    .argument('[base]', 'what devices have')
    .argument('[target]', 'what they should get')
    .option('--out <file>', 'write the patch between two files')
    .option('--report', 'where the bytes are, by base and part')
    .option('--release <release>', 'id, version, or latest; default: the newest for each runtime')
    .option('--bases <count>', 'from how many releases before', '3')
    .option('--embedded <file>', 'bundle inside the store binaries, as one more base')
    .option(
      '--adoption <file>',
      'JSON: [{ "releaseId", "devices" }]; patches start from what most devices run; default: ask the server',
    )
    .option('--workers <count>', 'threads that make patches; default: one less than processors')
    .action(async (base: string | undefined, target: string | undefined, flags: PatchFlags) => {
      if (base === undefined) return backfill(flags);
      if (target === undefined) throw usageError('Give two files, or none for what is published');
      return between(await readBytes(base), await readBytes(target), flags);
    });
}

async function between(base: Uint8Array, target: Uint8Array, flags: PatchFlags): Promise<void> {
  const {
    bytes: patch,
    format,
    sections = [],
  } = await createPatch(base, target, {
    differ: await fastestDiffer(),
  });
  const made = await applyPatch(base, patch, { moreFormats: [kvd1] });
  if (Buffer.compare(made, target) !== 0) throw new Error('The patch makes another file; please report this');
  if (flags.out !== undefined) await writeFile(flags.out, patch);
  createOutput(flags.json === true).result(
    {
      format,
      sections: Object.fromEntries(sections),
      sizeBytes: patch.length,
      targetSizeBytes: target.length,
    },
    [
      `${bytes(patch.length)} (${format}), ${share(patch.length, target.length)} of ${bytes(target.length)}; applied and compared`,
      ...(flags.report === true ? sectionTable(format, sections) : []),
    ],
  );
}

async function backfill(flags: PatchFlags): Promise<void> {
  const session = await openSession(flags);
  const { config, output } = session;
  const control = session.control();
  const one = control === undefined ? createPublisher(await session.writer()) : await session.reader();
  const index = await readIndex(one, config);
  const { adoption, remarks } = await readAdoption(flags.adoption, control);
  const result = await one.backfillPatches({
    bases: parseCount('--bases', flags.bases),
    ...(flags.release === undefined ? {} : { releaseIds: [findRelease(index, flags.release).releaseId] }),
    ...(flags.embedded === undefined ? {} : { embedded: [await readBytes(flags.embedded)] }),
    ...(adoption === undefined ? {} : { adoption }),
    ...(control === undefined ? {} : { control }),
  });
  const launchOf = new Map(index.releases.map((release) => [release.releaseId, release.launchSha256Hex]));
  const nameOf = nameBases(index);
  const lines = [...remarks];
  const releases = [];
  for (const { patches, releaseId, targetSizeBytes, version } of result.releases) {
    lines.push(
      `${version}, ${bytes(targetSizeBytes)}:${patches.length === 0 ? ' there is no base to start from' : ''}`,
    );
    const rows = [];
    for (const outcome of patches) {
      const sections =
        flags.report === true ? await sectionsOf(config.storage, outcome, launchOf.get(releaseId)) : [];
      lines.push(
        `  ${describe(outcome, targetSizeBytes, nameOf)}`,
        ...(flags.report === true && outcome.patch !== undefined
          ? sectionTable(outcome.patch.format, sections).map((line) => `    ${line}`)
          : []),
      );
      rows.push({ ...outcome, sections: Object.fromEntries(sections) });
    }
    releases.push({ patches: rows, releaseId, targetSizeBytes, version });
  }
  lines.push(result.changed ? `Offered with index ${result.sequence}` : 'Nothing new to offer');
  output.result({ ...result, releases }, lines);
}

function describe(
  { baseSha256Hex, patch, reused, skipped }: PatchOutcome,
  targetSizeBytes: number,
  nameOf: (sha256Hex: string) => string,
): string {
  const from = `from ${nameOf(baseSha256Hex)}`;
  if (patch === undefined)
    return `${from}: ${skipped === 'base-missing' ? 'the file is not in the storage' : 'not worth it'}`;
  return `${from}: ${bytes(patch.sizeBytes)} (${patch.format}), ${share(patch.sizeBytes, targetSizeBytes)}${reused === true ? ', was there' : ''}`;
}

/** A patch that was there is made once more, only to see what it consists of. */
async function sectionsOf(
  storage: ObjectStorage,
  { baseSha256Hex, patch, sections }: PatchOutcome,
  targetSha256Hex: string | undefined,
): Promise<PatchSections> {
  if (sections !== undefined || patch === undefined || targetSha256Hex === undefined) return sections ?? [];
  const [base, target] = await Promise.all(
    [baseSha256Hex, targetSha256Hex].map((hash) =>
      storage.get(objectKey(hash), { maxSizeBytes: LIMITS.objectSizeBytes }),
    ),
  );
  if (base === undefined || target === undefined) return [];
  return (await createPatch(base.body, target.body)).sections ?? [];
}

function sectionTable(format: string, sections: PatchSections): string[] {
  if (sections.length === 0) return [`${format} takes any bytes: it knows no parts`];
  return table([['part', 'bytes'], ...sections.map(([name, size]) => [name, size.toFixed(1)])]);
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)} %`;
}

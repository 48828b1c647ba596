// ClickHouse of its own in a temporary folder (apt: clickhouse-server).
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../packages/database-sql/test/postgres-server.ts';

export interface ClickhouseServer {
  /** Of its HTTP port, with the slash. */
  readonly url: string;
  /** Runs a statement; gives what it prints. */
  query(statement: string): Promise<string>;
  stop(): Promise<void>;
}

/** Undefined where it is not installed. */
export async function startClickhouse(): Promise<ClickhouseServer | undefined> {
  if (spawnSync('clickhouse-server', ['--version']).error !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-clickhouse-'));
  const port = await freePort();
  mkdirSync(join(folder, 'data/tmp'), { recursive: true });
  writeFileSync(
    join(folder, 'config.xml'),
    `<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <http_port>${port}</http_port>
  <listen_host>127.0.0.1</listen_host>
  <path>${folder}/data/</path>
  <tmp_path>${folder}/data/tmp/</tmp_path>
  <mark_cache_size>5000000</mark_cache_size>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
</yandex>`,
  );
  writeFileSync(
    join(folder, 'users.xml'),
    `<yandex>
  <profiles><default/></profiles>
  <users><ota>
    <password>a secret</password><networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile><quota>default</quota>
  </ota></users>
  <quotas><default/></quotas>
</yandex>`,
  );
  const child = spawn('clickhouse-server', [`--config-file=${join(folder, 'config.xml')}`], {
    cwd: folder,
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { force: true, recursive: true });
  };
  const url = `http://ota:a%20secret@127.0.0.1:${port}/`;
  const query = async (statement: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      body: statement,
      headers: { 'x-clickhouse-key': 'a secret', 'x-clickhouse-user': 'ota' },
      method: 'POST',
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.trim();
  };
  for (let i = 0; i < 600 && child.exitCode === null; i++) {
    if ((await query('select 1').catch(() => '')) === '1') return { query, stop, url };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error('ClickHouse did not start');
}

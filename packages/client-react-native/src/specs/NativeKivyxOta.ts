// Read by React Native's codegen: types are written out here, and the module is the default export, because it wants it so.
import type { CodegenTypes, TurboModule } from 'react-native';
import { TurboModuleRegistry } from 'react-native';

export interface Spec extends TurboModule {
  readonly getConstants: () => {
    /** What the boot code did for this process: BootSnapshot of the client, as JSON. */
    readonly boot: string;
    /** Store version of the binary. */
    readonly binaryVersion: string;
    /** Set at build time; empty when the app has none. */
    readonly runtimeVersion: string;
    readonly embeddedVersionCode: number;
    /** Random, made at the first start, kept until the app is removed. */
    readonly installationId: string;
  };
  /** The boot snapshot now: a confirmation or a later request may have changed it. */
  readBoot(): Promise<string>;
  /** Restarts the process, or the bridge where the app asked for that; marks the launch as ended by wish first. */
  restart(): Promise<void>;

  // Records: two slots each, written beside, flushed, renamed. Bytes travel as base64url without padding.
  readRecord(name: string): Promise<string | null>;
  writeRecord(name: string, bytes: string): Promise<void>;

  // Files below the update folder, by relative path.
  sizeOf(path: string): Promise<number>;
  /** At most `length` bytes from `offset`; null: there is no such file. */
  readPart(path: string, offset: number, length: number): Promise<string | null>;
  writeFile(path: string, bytes: string): Promise<void>;
  appendFile(path: string, bytes: string): Promise<void>;
  sha256File(path: string): Promise<string | null>;
  link(from: string, to: string): Promise<void>;
  /** A file takes the place of a file in one step. Flushed, with all that was moved, when it resolves. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
  /** What can still be written to the volume of the update folder; -1: the system does not tell. */
  freeBytes(): Promise<number>;

  // The binary's own bundle and assets.
  embeddedSize(): Promise<number>;
  readEmbedded(offset: number, length: number): Promise<string>;
  copyEmbeddedAsset(sha256Hex: string, path: string): Promise<boolean>;

  /** The download port's clauses. Headers are pairs: name, value, name, value. Resolves with status, then such pairs. */
  download(
    id: number,
    url: string,
    headers: string[],
    path: string,
    offset: number,
    maxSizeBytes: number,
    idleTimeoutMs: number,
  ): Promise<string[]>;
  cancelDownload(id: number): void;
  readonly onDownload: CodegenTypes.EventEmitter<{ readonly id: number; readonly sizeBytes: number }>;

  /** `length` random bytes of the platform, as base64url. */
  randomBytes(length: number): string;
}

// Not `getEnforcing`: an import must not throw where there is no native code, as in tests.
export default TurboModuleRegistry.get<Spec>('KivyxOta') as Spec | null;

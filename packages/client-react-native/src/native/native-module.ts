/** What the native module gives to JavaScript; its codegen spec is `specs/NativeKivyxOta`. Bytes are base64url without padding. */
export interface NativeModule {
  getConstants(): NativeConstants;
  readBoot(): Promise<string>;
  restart(): Promise<void>;
  readRecord(name: string): Promise<string | null>;
  writeRecord(name: string, bytes: string): Promise<void>;
  /** -1: there is none. */
  sizeOf(path: string): Promise<number>;
  /** Shorter where the file ends; null: there is none. */
  readPart(path: string, offset: number, length: number): Promise<string | null>;
  writeFile(path: string, bytes: string): Promise<void>;
  appendFile(path: string, bytes: string): Promise<void>;
  sha256File(path: string): Promise<string | null>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
  /** -1: the system does not tell. */
  freeBytes(): Promise<number>;
  /** -1: the embedded bundle cannot be read. */
  embeddedSize(): Promise<number>;
  readEmbedded(offset: number, length: number): Promise<string>;
  copyEmbeddedAsset(sha256Hex: string, path: string): Promise<boolean>;
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
  onDownload(listener: (event: { readonly id: number; readonly sizeBytes: number }) => void): {
    remove(): void;
  };
  randomBytes(length: number): string;
}

/** Known before the first render, without waiting. */
export interface NativeConstants {
  /** BootSnapshot of the client, as JSON. */
  readonly boot: string;
  readonly binaryVersion: string;
  /** Empty when the app has none. */
  readonly runtimeVersion: string;
  readonly embeddedVersionCode: number;
  readonly installationId: string;
}

/** Reasons of a boot snapshot that only a native module has, besides those of `decideBoot`: nothing was decided. */
export type NativeBootReason = 'debug-build' | 'not-asked';

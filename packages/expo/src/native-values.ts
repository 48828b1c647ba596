/** What the native code reads from the app, before any JavaScript. */
export interface NativeValues {
  /** Version code of the bundle in the app; releases have to be above it. */
  readonly embeddedVersionCode?: number;
  readonly runtimeVersion?: string;
  /** Time that an unconfirmed launch has in the foreground; default 600. */
  readonly pendingTimeoutSeconds?: number;
}

/** One of them under its names on both platforms. */
export interface NamedValue {
  /** Of the meta-data in AndroidManifest.xml. */
  readonly android: string;
  /** Of the string that it points at: what looks like a number would become one, and `1.10` the number 1.1. */
  readonly androidString: string;
  /** Key in Info.plist. */
  readonly ios: string;
  readonly text: string;
}

/**
 * The values that are set, named.
 *
 * @throws TypeError, RangeError naming the option
 */
export function nameValues(options: NativeValues): readonly NamedValue[] {
  const { embeddedVersionCode, pendingTimeoutSeconds, runtimeVersion, ...unknown } = options;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw new TypeError(`@kivyx-ota/expo has no option "${other}"`);
  if (runtimeVersion !== undefined && (typeof runtimeVersion !== 'string' || runtimeVersion === ''))
    throw new TypeError('runtimeVersion has to be a text, in quotes also where it looks like a number');
  const values = [
    ['EmbeddedVersionCode', wholeNumber('embeddedVersionCode', embeddedVersionCode)],
    ['RuntimeVersion', runtimeVersion],
    ['PendingTimeoutSeconds', wholeNumber('pendingTimeoutSeconds', pendingTimeoutSeconds)],
  ] as const;
  return values.flatMap(([name, text]) => {
    if (text === undefined) return [];
    const snake = name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`);
    return [
      {
        android: `org.kivyx.ota.${snake.toUpperCase()}`,
        androidString: `kivyx_ota_${snake.toLowerCase()}`,
        ios: `KivyxOta${name}`,
        text,
      },
    ];
  });
}

function wholeNumber(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name} has to be a whole number above 0`);
  return String(value);
}

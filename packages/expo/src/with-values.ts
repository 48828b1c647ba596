import type { ConfigPlugins } from './config-plugins.ts';
import type { NamedValue } from './native-values.ts';

type Mod<Results> = <Config>(
  config: Config,
  action: (edited: { modResults: Results }) => { modResults: Results },
) => Config;

interface Mods {
  readonly withAndroidManifest: Mod<object>;
  readonly withStringsXml: Mod<object>;
  readonly withInfoPlist: Mod<Record<string, unknown>>;
  readonly AndroidConfig: {
    readonly Manifest: {
      getMainApplicationOrThrow(manifest: object): object;
      addMetaDataItemToMainApplication(application: object, name: string, value: string): object;
    };
    readonly Strings: { setStringItem(items: readonly object[], strings: object): object };
  };
}

/** Writes the values into AndroidManifest.xml, strings.xml and Info.plist; again is the same. */
export function withValues<Config>(
  config: Config,
  plugins: ConfigPlugins,
  values: readonly NamedValue[],
): Config {
  if (values.length === 0) return config;
  const { AndroidConfig, withAndroidManifest, withInfoPlist, withStringsXml } = plugins as unknown as Mods;
  const { Manifest, Strings } = AndroidConfig;
  const manifest = withAndroidManifest(config, (edited) => {
    const application = Manifest.getMainApplicationOrThrow(edited.modResults);
    for (const { android, androidString } of values)
      Manifest.addMetaDataItemToMainApplication(application, android, `@string/${androidString}`);
    return edited;
  });
  const strings = withStringsXml(manifest, (edited) => {
    const items = values.map(({ androidString, text }) => ({
      $: { name: androidString, translatable: 'false' },
      _: text,
    }));
    edited.modResults = Strings.setStringItem(items, edited.modResults);
    return edited;
  });
  return withInfoPlist(strings, (edited) => {
    for (const { ios, text } of values) edited.modResults[ios] = text;
    return edited;
  });
}

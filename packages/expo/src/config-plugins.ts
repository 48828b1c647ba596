/** What is used of `expo/config-plugins`; read: 58.0.2. */
export interface ConfigPlugins {
  readonly withMainApplication: never;
  readonly withAppDelegate: never;
  readonly withAndroidManifest: never;
  readonly withStringsXml: never;
  readonly withInfoPlist: never;
  readonly AndroidConfig: never;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigPlugins } from './config-plugins.ts';
import { editAppDelegate } from './edit-app-delegate.ts';
import { editMainApplication } from './edit-main-application.ts';
import { expoError } from './error.ts';
import { nameValues, type NativeValues } from './native-values.ts';
import { withValues } from './with-values.ts';

/** The part of an Expo config that is looked at. */
export interface ExpoConfigLike {
  readonly updates?: { readonly enabled?: boolean };
}

/** A native file that Expo hands to a mod. */
export interface NativeFile {
  readonly language: string;
  contents: string;
}

/** A mod of `expo/config-plugins` that edits one native file. */
export type FileMod = <Config extends ExpoConfigLike>(
  config: Config,
  action: (edited: { modResults: NativeFile }) => { modResults: NativeFile },
) => Config;

/** Options of {@link createConfigPlugin}. */
export interface ConfigPluginOptions {
  /** `expo/config-plugins` of the app. */
  readonly mods: ConfigPlugins;
  /** Of the app's package.json. */
  readonly dependencyNames: readonly string[];
}

/** The plugin, with the options that stand beside its name in the app config. */
export type ConfigPlugin = <Config extends ExpoConfigLike>(config: Config, values?: NativeValues) => Config;

/**
 * The plugin: writes what the native code reads, edits `MainApplication.kt` and `AppDelegate.swift` where Expo's host is not the one
 * that loads, and refuses to share an app with an active expo-updates, which would win over it on Android and own the root view on iOS.
 *
 * @throws ERR_EXPO_UPDATES_ACTIVE, and TypeError, RangeError for the values, at once; ERR_EXPO_TEMPLATE_UNKNOWN, ERR_EXPO_LANGUAGE and
 * ERR_EXPO_BUNDLE_PATH_TAKEN during prebuild
 */
export function createConfigPlugin({ mods, dependencyNames }: ConfigPluginOptions): ConfigPlugin {
  const { withAppDelegate, withMainApplication } = mods as unknown as Record<string, FileMod>;
  return (config, values = {}) => {
    if (dependencyNames.includes('expo-updates') && config.updates?.enabled !== false)
      throw expoError(
        'ERR_EXPO_UPDATES_ACTIVE',
        'expo-updates is in package.json and active; two updaters cannot share an app. Remove it, or set "updates": { "enabled": false } in the app config',
      );
    const android = (withMainApplication as FileMod)(config, (edited) =>
      edit(edited, 'MainApplication', 'kt', editMainApplication),
    );
    const both = (withAppDelegate as FileMod)(android, (edited) =>
      edit(edited, 'AppDelegate', 'swift', editAppDelegate),
    );
    return withValues(both, mods, nameValues(values));
  };
}

/** Names of what the app depends on, from its package.json. */
export function readDependencyNames(projectRoot: string): readonly string[] {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>;
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
}

function edit<Edited extends { modResults: NativeFile }>(
  edited: Edited,
  name: string,
  language: string,
  change: (source: string) => string,
): Edited {
  const { modResults } = edited;
  if (modResults.language !== language)
    throw expoError(
      'ERR_EXPO_LANGUAGE',
      `${name} is written in ${modResults.language}; this plugin knows ${name}.${language} only. Edit it by hand: docs/guide/install-react-native.md`,
      { details: { expected: language, language: modResults.language, name } },
    );
  modResults.contents = change(modResults.contents);
  return edited;
}

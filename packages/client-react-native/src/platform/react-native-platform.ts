import { clientError } from '@kivyx-ota/client';
import { AppState, Platform } from 'react-native';
import type { OtaPlatform } from '../create-ota.ts';
import { fetchHttp } from '../ports/fetch-http.ts';
import NativeKivyxOta from '../specs/NativeKivyxOta.ts';
import { engineTimer } from './engine-timer.ts';

/**
 * What React Native brings: its globals, its app state, and the native module.
 *
 * @throws ERR_CLIENT_STATE where the app has no native module
 */
export function reactNativePlatform(): OtaPlatform {
  if (NativeKivyxOta === null)
    throw clientError(
      'ERR_CLIENT_STATE',
      'The native module KivyxOta is not in this app: build the app again (Expo Go cannot have it). Tests give createFakeNative() to createOtaOn()',
    );
  const { performance } = globalThis as { performance?: { now(): number } };
  const timer = engineTimer({
    setTimeout: (run, ms) => setTimeout(run, ms),
    ...(performance === undefined ? {} : { performance }),
  });
  return {
    http: fetchHttp({
      createAbort: () => new AbortController(),
      fetch: (url, init) => fetch(url, init),
      timer,
    }),
    native: NativeKivyxOta,
    onForeground: (listener) => {
      const subscription = AppState.addEventListener('change', (state) => {
        // `inactive` is neither: a call came in, or the app switcher is open.
        if (state === 'active' || state === 'background') listener(state === 'active');
      });
      return () => subscription.remove();
    },
    platform: Platform.OS === 'ios' ? 'ios' : 'android',
    timer,
  };
}

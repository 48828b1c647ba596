export {
  createFakeNative,
  type FakeAnswer,
  type FakeNative,
  type FakeNativeOptions,
} from './native/create-fake-native.ts';

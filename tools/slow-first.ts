import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest when nothing else runs, in that order: begun at the end, each would leave a core idle. */
const SLOWEST: readonly string[] = [
  'examples/react-native/test/pipeline.test.ts',
  'packages/runtime-tests/test/engines.test.ts',
  'packages/lifecycle/test/simulation.test.ts',
  'packages/client/test/ports.test.ts',
  'packages/database-dynamodb/test/dynamodb.test.ts',
  'packages/storage-s3/test/ceph.test.ts',
  'packages/client-react-native/test/objc-core.test.ts',
  'packages/client-react-native/test/ios-module.test.ts',
  'packages/client-react-native/test/java-core.test.ts',
  'packages/runtime-tests/test/runtimes.test.ts',
  'packages/client-react-native/test/android-module.test.ts',
  'examples/react-native/test/screens.test.ts',
];

/**
 * Vitest begins with the files that took longest the last time; a fresh clone knows of no last time, and would go by the size of
 * the files. Those that share a process come last, one after the other.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const place = SLOWEST.findIndex((path) => moduleId.endsWith(path));
      if (place >= 0) return place;
      return SLOWEST.length + Number(!project.config.isolate);
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

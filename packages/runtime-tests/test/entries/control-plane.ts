// The control plane of the recorded suite, for engines that take a script: it ends up as a global.
import { createRecordedServer } from '../../src/control-plane/create-recorded-server.ts';

Object.assign(globalThis, { createRecordedServer });

import { newQuickJSWASMModule, type QuickJSContext } from 'quickjs-emscripten';

/** Runs a script in a bare QuickJS (no Web APIs at all), pending promises included, and gives what it printed. */
export async function runInQuickJs(
  script: string,
): Promise<{ readonly lines: readonly string[]; readonly failed: boolean }> {
  // An engine of its own, dropped as a whole: disposing of a heap in which promises are still referred to aborts it.
  const quickJs = await newQuickJSWASMModule();
  const runtime = quickJs.newRuntime();
  runtime.setMaxStackSize(4 * 1024 * 1024);
  const vm = runtime.newContext();
  const lines: string[] = [];
  const print = vm.newFunction('print', (...parts) => {
    lines.push(parts.map((part) => String(vm.dump(part))).join(' '));
  });
  vm.setProp(vm.global, 'print', print);
  print.dispose();
  const failure = run(vm, script);
  return failure === undefined ? { failed: false, lines } : { failed: true, lines: [...lines, failure] };
}

function run(vm: QuickJSContext, script: string): string | undefined {
  const result = vm.evalCode(script, 'script.js');
  if (result.error !== undefined) return JSON.stringify(vm.dump(result.error));
  result.value.dispose();
  const jobs = vm.runtime.executePendingJobs();
  return jobs.error === undefined ? undefined : JSON.stringify(vm.dump(jobs.error));
}

// Asks for one URL fifty times a second, one request after another, and tells how long each took (milliseconds).
import { Agent, get } from 'node:http';

const [url = '', seconds = '10'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const latenciesMs: number[] = [];
const untilMs = performance.now() + Number(seconds) * 1000;
while (performance.now() < untilMs) {
  const startedMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the probe got ${response.statusCode}`));
      response.on('end', resolve).resume();
    }).on('error', reject);
  });
  const tookMs = performance.now() - startedMs;
  latenciesMs.push(tookMs);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 20 - tookMs)));
}
process.send?.(latenciesMs);
process.disconnect();

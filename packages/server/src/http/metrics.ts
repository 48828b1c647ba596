/** A value that is read when it is asked for. */
export type Gauge = readonly [name: string, labels: Readonly<Record<string, string | number>>, value: number];

/** Counters and one latency histogram, in the text format of Prometheus. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string | number>>, by?: number): void;
  observe(route: string, status: number, seconds: number): void;
  render(gauges?: readonly Gauge[]): string;
}

const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5];

export function createMetrics(): Metrics {
  const counters = new Map<string, number>();
  const requestIds = new Map<string, string>();
  const latency = new Map<string, { readonly buckets: number[]; sum: number; count: number }>();
  const key = (name: string, labels: Readonly<Record<string, string | number>>): string => {
    const inner = Object.entries(labels).map(([label, value]) => `${label}=${quote(String(value))}`);
    return inner.length === 0 ? name : `${name}{${inner.join(',')}}`;
  };
  const count: Metrics['count'] = (name, labels = {}, by = 1) => {
    const id = key(name, labels);
    counters.set(id, (counters.get(id) ?? 0) + by);
  };
  return {
    count,
    observe: (route, status, seconds) => {
      // Once per request: the text of its labels is made once.
      const at = `${route} ${status}`;
      let id = requestIds.get(at);
      if (id === undefined) requestIds.set(at, (id = key('kivyx_requests_total', { route, status })));
      counters.set(id, (counters.get(id) ?? 0) + 1);
      let entry = latency.get(route);
      if (entry === undefined)
        latency.set(route, (entry = { buckets: BUCKETS.map(() => 0), count: 0, sum: 0 }));
      entry.count++;
      entry.sum += seconds;
      for (let i = 0; i < BUCKETS.length; i++)
        if (seconds <= (BUCKETS[i] as number)) entry.buckets[i] = (entry.buckets[i] as number) + 1;
    },
    render: (gauges = []) => {
      const families = new Map<string, { readonly type: string; readonly lines: string[] }>();
      // All lines of a metric stand together, below its type.
      const add = (name: string, type: string, line: string): void => {
        const family = families.get(name);
        if (family === undefined) families.set(name, { lines: [line], type });
        else family.lines.push(line);
      };
      for (const [id, value] of [...counters].sort(([a], [b]) => (a < b ? -1 : 1)))
        add(id.split('{')[0] as string, 'counter', `${id} ${value}`);
      for (const [route, { buckets, sum, count: total }] of latency) {
        const name = 'kivyx_request_seconds';
        const histogram = (suffix: string, labels: Readonly<Record<string, string>>, value: number): void =>
          add(name, 'histogram', `${key(name + suffix, { ...labels, route })} ${value}`);
        buckets.forEach((value, i) => histogram('_bucket', { le: String(BUCKETS[i]) }, value));
        histogram('_bucket', { le: '+Inf' }, total);
        histogram('_sum', {}, sum);
        histogram('_count', {}, total);
      }
      for (const [name, labels, value] of gauges) add(name, 'gauge', `${key(name, labels)} ${value}`);
      return Array.from(
        families,
        ([name, { lines, type }]) => `# TYPE ${name} ${type}\n${lines.join('\n')}\n`,
      ).join('');
    },
  };
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

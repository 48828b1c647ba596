import type { Secrets } from '../access/secrets.ts';

/** Groups of networks that failures are counted in: enough that one subnet is a small part, few enough to store. */
const GROUPS = 32;
const GROUP_MARK = /^failed-g[0-9]{2}$/;

/** The mark that says in which group of networks a device failed; all devices of a subnet are in one group. */
export function groupMark(subnet: string, secrets: Pick<Secrets, 'subnetGroup'>): string {
  return `failed-g${String(secrets.subnetGroup(subnet) % GROUPS).padStart(2, '0')}`;
}

/** Marks that are about the guardrail's own counting, and nobody's funnel. */
export function isGroupMark(mark: string): boolean {
  return GROUP_MARK.test(mark);
}

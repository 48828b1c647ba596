/**
 * The /24 of an IPv4 address or the /48 of an IPv6 address (RFC 4291 §2.2 text, IPv4-mapped ones included); `unknown` for
 * anything else. For rate limits only: nothing is looked up with it.
 */
export function subnetOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const four = /^(?:::ffff:)?([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}$/i.exec(address);
  if (four !== null) return `${four[1]}.0/24`;
  const plain = address.toLowerCase();
  if (!/^[0-9a-f:]{2,39}$/.test(plain) || !plain.includes(':')) return 'unknown';
  const [head = '', tail = ''] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = plain.includes('::') ? Math.max(0, 8 - left.length - right.length) : 0;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/48`;
}

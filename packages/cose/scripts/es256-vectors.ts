// ES256 signatures on the edges where verifiers went wrong, in the classes of Wycheproof's ecdsa_secp256r1_sha256_p1363 tests
// (https://github.com/C2SP/wycheproof, testvectors_v1). Made anew, not copied: a key can be computed for any wished-for signature.
// Which of them hold is stated here from the construction; es256.test.ts has OpenSSL say it too.
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@kivyx-ota/core';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** One line of docs/spec/vectors/es256.json. */
export interface Es256Vector {
  readonly name: string;
  /** Uncompressed point. */
  readonly keyHex: string;
  readonly messageHex: string;
  readonly signatureHex: string;
  readonly valid: boolean;
}

const { Fn, Fp, BASE } = p256.Point;
const [N, P] = [Fn.ORDER, Fp.ORDER];
type Point = typeof BASE;

const word = (x: bigint): string => x.toString(16).padStart(64, '0');
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);
const digestOf = (message: Uint8Array): bigint => Fn.create(numberOf(sha256(message)));
const times = (point: Point, k: bigint): Point => (k === 0n ? p256.Point.ZERO : point.multiplyUnsafe(k));

const MESSAGE = utf8ToBytes('kivyx');
const E = digestOf(MESSAGE);

function vector(
  name: string,
  key: Point,
  r: bigint,
  s: bigint,
  valid: boolean,
  message: Uint8Array = MESSAGE,
): Es256Vector {
  return {
    keyHex: key.toHex(false),
    messageHex: bytesToHex(message),
    name,
    signatureHex: word(r) + word(s),
    valid,
  };
}

/** The key under which (x(R) mod n, s) signs `message`: Q = r⁻¹(sR − eG) (SEC 1 §4.1.6). */
function keyFor(point: Point, s: bigint, e: bigint = E): Point {
  const r = Fn.create(point.toAffine().x);
  return times(point, s).subtract(times(BASE, e)).multiplyUnsafe(Fn.inv(r));
}

/** The first point whose x is at least `from`. */
function pointAtOrAfter(from: bigint): Point {
  for (let x = from; ; x++) {
    try {
      return p256.Point.fromHex(`02${word(x)}`);
    } catch {
      // Half of all x are on the curve.
    }
  }
}

/** All vectors, in order. */
export function es256Vectors(): readonly Es256Vector[] {
  const secret = hexToBytes(word(0x1234_5678_9abc_def0n));
  const key = BASE.multiply(numberOf(secret));
  const [r, s] = [0, 32].map((at) => numberOf(p256.sign(MESSAGE, secret).subarray(at, at + 32))) as [
    bigint,
    bigint,
  ];
  const ordinary = [
    vector('an ordinary signature, low S', key, r, s, true),
    vector('its mirror, high S (half of what AWS KMS makes)', key, r, N - s, true),
    vector('of another message', key, r, s, false, utf8ToBytes('kivyy')),
    vector('under the mirrored key', key.negate(), r, s, false),
    vector('r mirrored', key, N - r, s, false),
    vector('r and s exchanged', key, s, r, false),
  ];

  const special: readonly (readonly [string, bigint])[] = [
    ['0', 0n],
    ['1', 1n],
    ['n − 1', N - 1n],
    ['n', N],
    ['n + 1', N + 1n],
    ['p', P],
    ['p + 1', P + 1n],
    ['2^256 − 1', 2n ** 256n - 1n],
  ];
  const trivial = special.flatMap(([rName, rValue]) =>
    special.map(([sName, sValue]) => vector(`r = ${rName}, s = ${sName}`, key, rValue, sValue, false)),
  );

  return [...ordinary, ...trivial, ...edgesOfS(), ...edgesOfX(), ...edgesOfSum(), ...digests()];
}

/** s and its inverse on the edges: small, large, a power of two, near n / 2. */
function edgesOfS(): Es256Vector[] {
  const point = BASE.multiply(7n);
  const r = Fn.create(point.toAffine().x);
  const values: readonly (readonly [string, bigint])[] = [
    ['1', 1n],
    ['2', 2n],
    ['n − 1', N - 1n],
    ['n − 2', N - 2n],
    ['(n − 1) / 2', (N - 1n) / 2n],
    ['(n + 1) / 2', (N + 1n) / 2n],
    ['2^128', 2n ** 128n],
    ['2^255', 2n ** 255n],
    ['1 / 3', Fn.inv(3n)],
    ['1 / 2^128', Fn.inv(2n ** 128n)],
    ['1 / (2^32 − 1)', Fn.inv(2n ** 32n - 1n)],
  ];
  const valid = values.map(([name, s]) => vector(`s = ${name}`, keyFor(point, s), r, s, true));
  const key = keyFor(point, 5n);
  return [
    ...valid,
    vector('s = 5', key, r, 5n, true),
    vector('s = n + 5: the same number, another spelling', key, r, N + 5n, false),
  ];
}

/** R with an x beyond n: r is x − n, and x itself is refused. */
function edgesOfX(): Es256Vector[] {
  const beyond = pointAtOrAfter(N);
  const { x } = beyond.toAffine();
  const key = keyFor(beyond, 3n);
  const last = (() => {
    for (let at = P - 1n; ; at--) {
      try {
        return p256.Point.fromHex(`02${word(at)}`);
      } catch {
        // As above.
      }
    }
  })();
  return [
    vector('x of R beyond n', key, x - N, 3n, true),
    vector('x of R beyond n, not reduced', key, x, 3n, false),
    vector('the largest x there is', keyFor(last, 3n), last.toAffine().x - N, 3n, true),
    vector('the largest x there is, not reduced', keyFor(last, 3n), last.toAffine().x, 3n, false),
    // r + n is below p here, but R has r itself as x: only one of the two may be taken.
    ...(() => {
      const small = pointAtOrAfter(1n);
      const r = small.toAffine().x;
      return [
        vector('a small x of R', keyFor(small, 3n), r, 3n, true),
        vector('a small x of R, plus n', keyFor(small, 3n), r + N, 3n, false),
      ];
    })(),
  ];
}

/** u1·G + u2·Q where the additions inside go wrong most easily: equal points, opposite points, tiny and huge factors. */
function edgesOfSum(): Es256Vector[] {
  const out: Es256Vector[] = [];
  const factors = [1n, 2n, 3n, 2n ** 64n, 2n ** 128n - 1n, (N - 1n) / 2n, N - 2n, N - 1n];
  for (const u1 of factors) {
    const s = Fn.div(E, u1);
    // u1·G = u2·Q: R = 2·u1·G.
    const double = times(BASE, Fn.mul(u1, 2n));
    const r = Fn.create(double.toAffine().x);
    const u2 = Fn.div(r, s);
    out.push(
      vector(`u1·G = u2·Q, u1 = ${u1.toString(16)}`, BASE.multiplyUnsafe(Fn.div(u1, u2)), r, s, true),
      vector(
        `u1·G = −u2·Q, u1 = ${u1.toString(16)}: infinity`,
        BASE.multiplyUnsafe(Fn.neg(Fn.div(u1, u2))),
        r,
        s,
        false,
      ),
    );
    for (const second of factors) {
      // r = u2·s must be the x of a point; where it is, that point is R and Q = (R − u1·G) / u2.
      const wished = Fn.mul(second, s);
      let point: Point;
      try {
        point = p256.Point.fromHex(`03${word(wished)}`);
      } catch {
        continue;
      }
      const q = point.subtract(times(BASE, u1)).multiplyUnsafe(Fn.inv(second));
      out.push(vector(`u1 = ${u1.toString(16)}, u2 = ${second.toString(16)}`, q, wished, s, true));
    }
  }
  const own = p256.sign(MESSAGE, hexToBytes(word(1n)));
  const mirrored = p256.sign(MESSAGE, hexToBytes(word(N - 1n)));
  const halves = (bytes: Uint8Array): [bigint, bigint] => [
    numberOf(bytes.subarray(0, 32)),
    numberOf(bytes.subarray(32)),
  ];
  out.push(
    vector('the key is the base point', BASE, ...halves(own), true),
    vector('the key is its mirror', BASE.negate(), ...halves(mirrored), true),
  );
  return out;
}

/** Messages of all kinds of lengths, and one whose digest begins with zeros. */
function digests(): Es256Vector[] {
  const secret = hexToBytes(word(99n));
  const key = BASE.multiply(99n);
  const messages: [string, Uint8Array][] = [0, 1, 55, 56, 63, 64, 65, 1000].map((length) => [
    `a message of ${length} bytes`,
    new Uint8Array(length).fill(length & 255),
  ]);
  let zeros = 0;
  while (sha256(concatBytes(MESSAGE, Uint8Array.of(zeros >> 8, zeros & 255)))[0] !== 0) zeros++;
  messages.push([
    'a digest that begins with 00',
    concatBytes(MESSAGE, Uint8Array.of(zeros >> 8, zeros & 255)),
  ]);
  return messages.map(([name, message]) => {
    const signature = p256.sign(message, secret, { lowS: false });
    return {
      keyHex: key.toHex(false),
      messageHex: bytesToHex(message),
      name,
      signatureHex: bytesToHex(signature),
      valid: true,
    };
  });
}

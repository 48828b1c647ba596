// ES256 signatures on the edges where verifiers went wrong, in the classes of Wycheproof's ecdsa_secp256r1_sha256_p1363 tests
// (https://github.com/C2SP/wycheproof, testvectors_v1; 252 tests of 13 flags). Made anew, not copied: a key can be computed for any
// wished-for signature. `flag` says which of theirs it is for; of InvalidSignature (tcId 11 to 59) and of the changed integers (tcId 2 to 10)
// ours are the same cases under another key.
// Which of them hold is stated here from the construction; es256.test.ts has OpenSSL say it too.
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@kivyx-ota/core';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** The flags of Wycheproof's file, all of them. */
export const WYCHEPROOF_FLAGS = [
  'ArithmeticError',
  'EdgeCasePublicKey',
  'EdgeCaseShamirMultiplication',
  'IntegerOverflow',
  'InvalidSignature',
  'ModifiedInteger',
  'ModularInverse',
  'PointDuplication',
  'RangeCheck',
  'SignatureSize',
  'SmallRandS',
  'SpecialCaseHash',
  'ValidSignature',
] as const;
type Flag = (typeof WYCHEPROOF_FLAGS)[number];

/** One line of docs/spec/vectors/es256.json. */
export interface Es256Vector {
  readonly name: string;
  /** What Wycheproof calls the class. */
  readonly flag: Flag;
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
  flag: Flag,
  name: string,
  key: Point,
  r: bigint,
  s: bigint,
  valid: boolean,
  message: Uint8Array = MESSAGE,
): Es256Vector {
  return {
    flag,
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
    vector('ValidSignature', 'an ordinary signature, low S', key, r, s, true),
    vector('ValidSignature', 'its mirror, high S (half of what AWS KMS makes)', key, r, N - s, true),
    vector('ModifiedInteger', 'of another message', key, r, s, false, utf8ToBytes('kivyy')),
    vector('ModifiedInteger', 'under the mirrored key', key.negate(), r, s, false),
    vector('ModifiedInteger', 'r mirrored', key, N - r, s, false),
    vector('ModifiedInteger', 'r and s exchanged', key, s, r, false),
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
    special.map(([sName, sValue]) =>
      vector('InvalidSignature', `r = ${rName}, s = ${sName}`, key, rValue, sValue, false),
    ),
  );

  return [
    ...ordinary,
    ...trivial,
    ...otherSizes(key, r, s),
    ...edgesOfS(),
    ...edgesOfX(),
    ...edgesOfSum(),
    ...edgesOfKeys(),
    ...digests(),
  ];
}

/** Right numbers with something added that a careless reader would cut off, and right numbers in fewer bytes. */
function otherSizes(key: Point, r: bigint, s: bigint): Es256Vector[] {
  const sized = (flag: Flag, name: string, rValue: bigint, sValue: bigint, bytes: number): Es256Vector => ({
    ...vector(flag, name, key, r, s, false),
    signatureHex: [rValue, sValue].map((value) => value.toString(16).padStart(2 * bytes, '0')).join(''),
  });
  const small = pointAtOrAfter(1n);
  return [
    sized('RangeCheck', 'r + n', r + N, s, 33),
    sized('RangeCheck', 'r + 256 n', r + 256n * N, s, 34),
    sized('RangeCheck', 's + n', r, s + N, 33),
    sized('RangeCheck', 's + 256 n', r, s + 256n * N, 34),
    sized('IntegerOverflow', 'r + 2^256', r + 2n ** 256n, s, 33),
    sized('IntegerOverflow', 'r + 2^320', r + 2n ** 320n, s, 41),
    sized('IntegerOverflow', 's + 2^256', r, s + 2n ** 256n, 33),
    sized('IntegerOverflow', 's + 2^320', r, s + 2n ** 320n, 41),
    sized('SignatureSize', 'r and s in 33 bytes each', r, s, 33),
    {
      ...sized('SignatureSize', 'small r and s in one byte each', small.toAffine().x, 3n, 1),
      keyHex: keyFor(small, 3n).toHex(false),
    },
    { ...sized('SignatureSize', 'nothing', r, s, 32), signatureHex: '' },
  ];
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
  const valid = values.map(([name, s]) =>
    vector('ModularInverse', `s = ${name}`, keyFor(point, s), r, s, true),
  );
  const key = keyFor(point, 5n);
  return [
    ...valid,
    vector('ModularInverse', 's = 5', key, r, 5n, true),
    vector('RangeCheck', 's = n + 5: the same number, another spelling', key, r, N + 5n, false),
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
    vector('ArithmeticError', 'x of R beyond n', key, x - N, 3n, true),
    vector('RangeCheck', 'x of R beyond n, not reduced', key, x, 3n, false),
    vector('ArithmeticError', 'the largest x there is', keyFor(last, 3n), last.toAffine().x - N, 3n, true),
    vector(
      'RangeCheck',
      'the largest x there is, not reduced',
      keyFor(last, 3n),
      last.toAffine().x,
      3n,
      false,
    ),
    // r + n is below p here, but R has r itself as x: only one of the two may be taken.
    ...(() => {
      const small = pointAtOrAfter(1n);
      const r = small.toAffine().x;
      return [
        vector('SmallRandS', 'a small x of R', keyFor(small, 3n), r, 3n, true),
        vector('RangeCheck', 'a small x of R, plus n', keyFor(small, 3n), r + N, 3n, false),
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
      vector(
        'PointDuplication',
        `u1·G = u2·Q, u1 = ${u1.toString(16)}`,
        BASE.multiplyUnsafe(Fn.div(u1, u2)),
        r,
        s,
        true,
      ),
      vector(
        'EdgeCaseShamirMultiplication',
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
      out.push(
        vector('ArithmeticError', `u1 = ${u1.toString(16)}, u2 = ${second.toString(16)}`, q, wished, s, true),
      );
    }
  }
  const own = p256.sign(MESSAGE, hexToBytes(word(1n)));
  const mirrored = p256.sign(MESSAGE, hexToBytes(word(N - 1n)));
  const halves = (bytes: Uint8Array): [bigint, bigint] => [
    numberOf(bytes.subarray(0, 32)),
    numberOf(bytes.subarray(32)),
  ];
  out.push(
    vector('PointDuplication', 'the key is the base point', BASE, ...halves(own), true),
    vector('PointDuplication', 'the key is its mirror', BASE.negate(), ...halves(mirrored), true),
  );
  return out;
}

/** Of the first multiples of the base point those with the most extreme coordinates. */
function edgesOfKeys(): Es256Vector[] {
  const best = new Map<string, { readonly d: bigint; readonly value: bigint }>();
  let point = BASE;
  for (let d = 1n; d <= 3000n; d++, point = point.add(BASE)) {
    const { x, y } = point.toAffine();
    for (const [name, value] of [
      ['the smallest x', x],
      ['the largest x', P - x],
      ['the smallest y', y],
      ['the largest y', P - y],
    ] as const)
      if (value < (best.get(name)?.value ?? P)) best.set(name, { d, value });
  }
  return Array.from(best, ([name, { d }]) => {
    const signature = p256.sign(MESSAGE, hexToBytes(word(d)));
    const [r, s] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32))];
    return vector('EdgeCasePublicKey', `a key with ${name} of 3000`, BASE.multiply(d), r, s, true);
  });
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
      flag: 'SpecialCaseHash',
      keyHex: key.toHex(false),
      messageHex: bytesToHex(message),
      name,
      signatureHex: bytesToHex(signature),
      valid: true,
    };
  });
}

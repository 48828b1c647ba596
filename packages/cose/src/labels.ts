// Numbers of RFC 9052 (headers, keys), RFC 9596 (typ), RFC 9597 (CWT claims) and draft-ietf-cose-merkle-tree-proofs.

/** Header labels. */
export const HEADER = {
  alg: 1,
  crit: 2,
  contentType: 3,
  kid: 4,
  cwtClaims: 15,
  typ: 16,
  receipts: 394,
} as const;

/** Claims inside the CWT claims header. */
export const CLAIM = { iss: 1, sub: 2 } as const;

/** COSE_Key labels; `x` and `d` mean the same for EC2 and OKP. */
export const COSE_KEY = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, d: -4 } as const;

/** Tags of the two signed structures. */
export const TAG = { sign1: 18, sign: 98 } as const;

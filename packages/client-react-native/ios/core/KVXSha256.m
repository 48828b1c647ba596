#import "KVXSha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__

void KVXSha256Init(KVXSha256Context *context) { CC_SHA256_Init(context); }

void KVXSha256Update(KVXSha256Context *context, const void *bytes, size_t length) {
  CC_SHA256_Update(context, bytes, (CC_LONG)length);
}

static void finish(KVXSha256Context *context, unsigned char hash[32]) { CC_SHA256_Final(hash, context); }

#else

static const unsigned int K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static unsigned int rotate(unsigned int x, int n) { return (x >> n) | (x << (32 - n)); }

static void compress(unsigned int state[8], const unsigned char *block) {
  unsigned int w[64];
  for (int i = 0; i < 16; i++) {
    const unsigned char *p = block + 4 * i;
    w[i] = (unsigned int)p[0] << 24 | (unsigned int)p[1] << 16 | (unsigned int)p[2] << 8 | p[3];
  }
  for (int i = 16; i < 64; i++) {
    unsigned int s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
    unsigned int s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  unsigned int a = state[0], b = state[1], c = state[2], d = state[3];
  unsigned int e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    unsigned int s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    unsigned int t1 = h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
    unsigned int s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    unsigned int t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

void KVXSha256Init(KVXSha256Context *context) {
  static const unsigned int initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(context->state, initial, sizeof initial);
  context->length = 0;
}

void KVXSha256Update(KVXSha256Context *context, const void *bytes, size_t length) {
  const unsigned char *at = bytes;
  while (length > 0) {
    size_t filled = (size_t)(context->length % 64);
    size_t count = length < 64 - filled ? length : 64 - filled;
    memcpy(context->block + filled, at, count);
    context->length += count;
    at += count;
    length -= count;
    if (filled + count == 64) compress(context->state, context->block);
  }
}

static void finish(KVXSha256Context *context, unsigned char hash[32]) {
  unsigned long long bits = context->length * 8;
  unsigned char padding[72] = {0x80};
  size_t filled = (size_t)(context->length % 64);
  size_t count = (filled < 56 ? 56 : 120) - filled;
  for (int i = 0; i < 8; i++) padding[count + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
  KVXSha256Update(context, padding, count + 8);
  for (int i = 0; i < 32; i++) hash[i] = (unsigned char)(context->state[i / 4] >> (24 - 8 * (i % 4)));
}

#endif

NSString *KVXSha256Finish(KVXSha256Context *context) {
  unsigned char hash[32];
  char text[65];
  finish(context, hash);
  for (int i = 0; i < 32; i++) snprintf(text + 2 * i, 3, "%02x", hash[i]);
  return [NSString stringWithUTF8String:text];
}

NSString *KVXSha256Hex(const void *bytes, size_t length) {
  KVXSha256Context context;
  KVXSha256Init(&context);
  KVXSha256Update(&context, bytes, length);
  return KVXSha256Finish(&context);
}

NSString *KVXSha256OfFile(NSString *path) {
  int descriptor = open([path fileSystemRepresentation], O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nil;
  KVXSha256Context context;
  KVXSha256Init(&context);
  char chunk[64 * 1024];
  ssize_t count;
  do {
    count = read(descriptor, chunk, sizeof chunk);
    if (count > 0) KVXSha256Update(&context, chunk, (size_t)count);
  } while (count > 0 || (count < 0 && errno == EINTR));
  close(descriptor);
  return count == 0 ? KVXSha256Finish(&context) : nil;
}

BOOL KVXIsSha256Hex(NSString *text) {
  if ([text length] != 64) return NO;
  for (NSUInteger i = 0; i < 64; i++) {
    unichar one = [text characterAtIndex:i];
    if (!((one >= '0' && one <= '9') || (one >= 'a' && one <= 'f'))) return NO;
  }
  return YES;
}

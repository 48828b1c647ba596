#import <Foundation/Foundation.h>

#ifdef __APPLE__
#import <CommonCrypto/CommonDigest.h>
typedef CC_SHA256_CTX KVXSha256Context;
#else
/** SHA-256 (FIPS 180-4) where CommonCrypto is not: on the machines that test this code. */
typedef struct {
  unsigned int state[8];
  unsigned long long length;
  unsigned char block[64];
} KVXSha256Context;
#endif

void KVXSha256Init(KVXSha256Context *context);
void KVXSha256Update(KVXSha256Context *context, const void *bytes, size_t length);
/** 64 lower-case hex digits; the context cannot be used afterwards. */
NSString *KVXSha256Finish(KVXSha256Context *context);

NSString *KVXSha256Hex(const void *bytes, size_t length);
/** Nil when the file cannot be read. */
NSString *KVXSha256OfFile(NSString *path);
BOOL KVXIsSha256Hex(NSString *text);

#import "KVXEmbeddedAssets.h"

#import "KVXSha256.h"

/** Larger ones are fetched: hashing them all costs more. */
static const unsigned long long MAX_ASSET_BYTES = 8 * 1024 * 1024;

NSString *KVXEmbeddedAsset(NSBundle *app, NSString *sha256Hex) {
  static NSMutableDictionary *places;
  if (places == nil) {
    places = [[NSMutableDictionary alloc] init];
    NSString *folder = [[app resourcePath] stringByAppendingPathComponent:@"assets"];
    NSFileManager *manager = [NSFileManager defaultManager];
    for (NSString *name in [manager enumeratorAtPath:folder]) {
      NSString *path = [folder stringByAppendingPathComponent:name];
      NSDictionary *attributes = [manager attributesOfItemAtPath:path error:NULL];
      if (![[attributes fileType] isEqualToString:NSFileTypeRegular] || [attributes fileSize] > MAX_ASSET_BYTES) continue;
      NSString *hash = KVXSha256OfFile(path);
      if (hash != nil) [places setObject:path forKey:hash];
    }
  }
  return [places objectForKey:sha256Hex];
}

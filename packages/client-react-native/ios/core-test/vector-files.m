#import "vector-files.h"

@implementation VectorFiles
+ (VectorFiles *)files {
  VectorFiles *out = [[[self alloc] init] autorelease];
  out->slots = [[NSMutableDictionary alloc] init];
  out->removed = [[NSMutableArray alloc] init];
  out->writtenSlot = @"";
  out->written = [[NSData alloc] init];
  return out;
}

- (void)dealloc {
  [slots release];
  [removed release];
  [names release];
  [intact release];
  [writtenSlot release];
  [written release];
  [super dealloc];
}

- (KVXSlotReading *)read:(NSString *)name {
  return [slots objectForKey:name];
}

- (BOOL)writeDurable:(NSString *)name data:(NSData *)data {
  if (writeFails) return NO;
  if ([writtenSlot length] > 0) [NSException raise:NSGenericException format:@"Two writes in one boot"];
  writtenSlot = [name copy];
  [written release];
  written = [data copy];
  return YES;
}

- (void)remove:(NSString *)name {
  if ([writtenSlot length] == 0) [NSException raise:NSGenericException format:@"Removed before the write"];
  [removed addObject:name];
}

- (NSArray *)list {
  return names;
}

- (BOOL)isIntact:(NSString *)sha256Hex {
  return [intact containsObject:sha256Hex];
}
@end

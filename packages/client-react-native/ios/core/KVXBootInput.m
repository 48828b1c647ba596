#import "KVXBootInput.h"

NSString *const KVXBootSlots[2] = {@"boot.0", @"boot.1"};
NSString *const KVXIntentSlots[2] = {@"intent.0", @"intent.1"};

static int newest(long long first, long long second) {
  if (first > second) return 0;
  return second < 0 ? -1 : 1;
}

static long long bootSequence(KVXSlotReading *slot) {
  return slot.record == nil ? -1 : [(KVXBootRecord *)slot.record sequence];
}

static long long intentSequence(KVXSlotReading *slot) {
  return slot.record == nil ? -1 : [(KVXIntentRecord *)slot.record sequence];
}

BOOL KVXInputIsLocked(const KVXBootInput *input) {
  if (input->markers == nil) return YES;
  for (int i = 0; i < 2; i++) {
    if (input->boot[i].kind == KVXSlotLocked || input->intent[i].kind == KVXSlotLocked) return YES;
  }
  return NO;
}

BOOL KVXInputIsNewer(const KVXBootInput *input) {
  return input->boot[0].kind == KVXSlotNewer || input->boot[1].kind == KVXSlotNewer;
}

int KVXNewestBoot(KVXSlotReading *const boot[2]) {
  return newest(bootSequence(boot[0]), bootSequence(boot[1]));
}

KVXIntentRecord *KVXWanted(KVXSlotReading *const intent[2]) {
  int index = newest(intentSequence(intent[0]), intentSequence(intent[1]));
  return index < 0 ? [KVXIntentRecord empty] : intent[index].record;
}

// What is used of Grand Central Dispatch: Debian has none.
#import <Foundation/Foundation.h>

typedef NSObject *dispatch_queue_t;
typedef void (^dispatch_block_t)(void);
typedef long dispatch_once_t;
#define DISPATCH_QUEUE_SERIAL ((dispatch_queue_t)0)

dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_t attributes);
dispatch_queue_t dispatch_get_main_queue(void);
void dispatch_async(dispatch_queue_t queue, dispatch_block_t block);

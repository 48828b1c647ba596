#import <Foundation/Foundation.h>

// Which installed binary this is, and where its records are.

/** Another one after every installation and update that brings another bundle or another build number. */
NSString *KVXAppBinaryId(NSBundle *app);
/** Version code of the bundle in the app: `KivyxOtaEmbeddedVersionCode` of Info.plist; 0 when it says none. */
long long KVXAppEmbeddedVersionCode(NSBundle *app);
/** Nil when the app has none. */
NSString *KVXAppEmbeddedPath(NSBundle *app);
/** The folder of the records: made, readable before the first unlock where the system allows it, not backed up. */
NSString *KVXAppRecordsDirectory(void);

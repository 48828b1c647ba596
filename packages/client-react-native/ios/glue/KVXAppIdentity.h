#import <Foundation/Foundation.h>

// Which installed binary this is, what its Info.plist says to us, and where its records are.

/** Another one after every installation and update that brings another bundle or another build number. */
NSString *KVXAppBinaryId(NSBundle *app);
/** As the store shows it. */
NSString *KVXAppBinaryVersion(NSBundle *app);
/** Version code of the bundle in the app: `KivyxOtaEmbeddedVersionCode`; 0 when it says none. */
long long KVXAppEmbeddedVersionCode(NSBundle *app);
/** `KivyxOtaRuntimeVersion`; empty when it says none. */
NSString *KVXAppRuntimeVersion(NSBundle *app);
/** Time in the foreground after which an unconfirmed launch counts as hanging: `KivyxOtaPendingTimeoutSeconds`, 10 minutes without. */
double KVXAppPendingTimeoutSeconds(NSBundle *app);
/** Nil when the app has none. */
NSString *KVXAppEmbeddedPath(NSBundle *app);
/** The folder of the records: made, readable before the first unlock where the system allows it, not backed up. */
NSString *KVXAppRecordsDirectory(void);

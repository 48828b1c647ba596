// Apple's signatures of what Debian's GNUstep declares otherwise or not at all (its NSURLSession is not built there). By hand.
#import <Foundation/Foundation.h>
#import <dispatch/dispatch.h>

@class NSURLSessionTask, NSURLSessionDataTask, NSURLSession;

typedef enum { NSURLSessionResponseCancel = 0, NSURLSessionResponseAllow = 1 } NSURLSessionResponseDisposition;

@protocol NSURLSessionDelegate <NSObject>
@end

@protocol NSURLSessionTaskDelegate <NSURLSessionDelegate>
@optional
- (void)URLSession:(NSURLSession *)session
                          task:(NSURLSessionTask *)task
    willPerformHTTPRedirection:(NSHTTPURLResponse *)response
                    newRequest:(NSURLRequest *)request
             completionHandler:(void (^)(NSURLRequest *))completionHandler;
- (void)URLSession:(NSURLSession *)session task:(NSURLSessionTask *)task didCompleteWithError:(NSError *)error;
@end

@protocol NSURLSessionDataDelegate <NSURLSessionTaskDelegate>
@optional
- (void)URLSession:(NSURLSession *)session
              dataTask:(NSURLSessionDataTask *)dataTask
    didReceiveResponse:(NSURLResponse *)response
     completionHandler:(void (^)(NSURLSessionResponseDisposition))completionHandler;
- (void)URLSession:(NSURLSession *)session dataTask:(NSURLSessionDataTask *)dataTask didReceiveData:(NSData *)data;
@end

@interface NSURLSessionTask : NSObject
@property(readonly, copy) NSURLResponse *response;
- (void)cancel;
- (void)resume;
@end

@interface NSURLSessionDataTask : NSURLSessionTask
@end

@interface NSURLSessionConfiguration : NSObject
+ (NSURLSessionConfiguration *)ephemeralSessionConfiguration;
@property NSTimeInterval timeoutIntervalForRequest;
@property NSURLRequestCachePolicy requestCachePolicy;
@property(retain) NSURLCache *URLCache;
@end

@interface NSURLSession : NSObject
+ (NSURLSession *)sessionWithConfiguration:(NSURLSessionConfiguration *)configuration
                                  delegate:(id<NSURLSessionDelegate>)delegate
                             delegateQueue:(NSOperationQueue *)queue;
- (NSURLSessionDataTask *)dataTaskWithRequest:(NSURLRequest *)request;
- (void)finishTasksAndInvalidate;
@end

// What Apple's clang and CoreFoundation bring and Debian's do not, for React Native's C++ headers.
#import "apple-foundation.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <sys/cdefs.h>
// glibc has a macro of that name.
#undef __nonnull
#define __nonnull _Nonnull
#define __nullable _Nullable
#define __deprecated_msg(text) __attribute__((deprecated(text)))
#define kCFNull ((id)[NSNull null])

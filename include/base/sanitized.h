/* SANITIZED: 1 in builds with sanitizers, whose memory, processes and system calls are their own;
 * else 0. */
#ifndef BASE_SANITIZED_H
#define BASE_SANITIZED_H

#define SANITIZED 0
#ifdef __SANITIZE_ADDRESS__
#undef SANITIZED
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#undef SANITIZED
#define SANITIZED 1
#endif
#endif

#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>  // defines __GLIBC__ where the C library is glibc

#if defined(__GLIBC__)
#include <malloc.h>
#endif

// What malloc holds, in bytes; not known where the C library is not glibc 2.33 or newer.
struct wingbeat_allocator {
    bool is_known;
    size_t arena;       // taken from the system for the arenas
    size_t arena_used;  // of these, handed out
    size_t mapped;      // large blocks, each mapped for itself
};

static inline struct wingbeat_allocator wingbeat_read_allocator(void) {
    struct wingbeat_allocator allocator = {false, 0, 0, 0};
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();
    allocator.is_known = true;
    allocator.arena = info.arena;
    allocator.arena_used = info.uordblks;
    allocator.mapped = info.hblkhd;
#endif
    return allocator;
}

#include <stdbool.h>
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#if __GLIBC_PREREQ(2, 33)
#define WINGBEAT_HAS_MALLINFO2
#endif
#endif

// What the allocator knows of the heap, in bytes.
struct wingbeat_heap {
    size_t reserved, allocated, idle;
};

// False where the C library does not tell; glibc does since 2.33, in numbers that do not wrap.
static inline bool wingbeat_read_heap(struct wingbeat_heap *heap) {
#ifdef WINGBEAT_HAS_MALLINFO2
    struct mallinfo2 info = mallinfo2();
    heap->reserved = info.arena + info.hblkhd;
    heap->allocated = info.uordblks + info.hblkhd;
    heap->idle = info.fordblks;
    return true;
#else
    return false;
#endif
}

/* pool.h: memory that goes all at once, and lists in it. */
#ifndef PG74_CLASSIFIER_POOL_H
#define PG74_CLASSIFIER_POOL_H

#include <stddef.h>

struct pool;
struct pool *classifier_pool_new(void);
void classifier_pool_free(struct pool *pool);
void *classifier_allocate(struct pool *pool, size_t size); /* zeroed; never NULL */
char *classifier_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A growing array of T in a pool. */
#define LIST(T) struct { T *items; unsigned count, capacity; }
#define APPEND(pool, list)                                                                                             \
    (((list)->count == (list)->capacity                                                                                \
          ? (void)((list)->items = classifier_grow((pool), (list)->items, &(list)->capacity, sizeof *(list)->items))   \
          : (void)0),                                                                                                  \
     &(list)->items[(list)->count++])
void *classifier_grow(struct pool *pool, void *items, unsigned *capacity, size_t size);

#endif

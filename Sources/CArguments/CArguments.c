#include "CArguments.h"

#include <stddef.h>
#if defined(__linux__)
#include <features.h>
#endif

static rediscache_arguments arguments;

// Swift writes main itself and drops its arguments. glibc and macOS pass the same two to constructors.
#if defined(__GLIBC__) || defined(__APPLE__)
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    arguments.count = count;
    arguments.values = values;
}
#endif

rediscache_arguments rediscache_arguments_of_main(void) { return arguments; }

extern char **environ;

char *const *rediscache_environment(void) { return environ; }

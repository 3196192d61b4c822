// The arguments of the process as the kernel handed them over.
//
// On Linux Swift's CommandLine.arguments finds them by way of /proc, and is empty where /proc is not mounted: in a
// chroot, in a small container.

#ifndef REDISCACHE_CARGUMENTS_H
#define REDISCACHE_CARGUMENTS_H

// argc and argv of main; argv is NULL where the C library passes them to main alone (musl).
typedef struct {
    int count;
    char *const *values;
} rediscache_arguments;

rediscache_arguments rediscache_arguments_of_main(void);

// The environment of the process, for what it starts; Swift does not let its global variable be named.
char *const *rediscache_environment(void);

#endif

package io.millrace.session;

/**
 * The right to do something alone, until a time. {@link Leases} says what a holder who may be late has to do.
 *
 * @param name        what it is about.
 * @param id          tells it from every other lease of its registry, and is higher than those of all leases taken before;
 *                    a renewed lease keeps it.
 * @param expiresAtMs time of the registry's clock from which on it is void, in milliseconds.
 */
public record Lease(String name, long id, long expiresAtMs) {}

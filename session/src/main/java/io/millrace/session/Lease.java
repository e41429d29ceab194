package io.millrace.session;

/**
 * The right to do something alone, until a time.
 *
 * @param name        what it is about.
 * @param id          tells it from every other lease of its registry.
 * @param expiresAtMs time of the registry's clock from which on it is void, in milliseconds.
 */
public record Lease(String name, long id, long expiresAtMs) {}

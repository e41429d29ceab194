package io.millrace.session;

/**
 * What became of the tickets of a {@link SessionCache}. While nobody changes the cache,
 * {@code put + givenBack = taken + resident + expired + evicted + refused}, exactly; under load the numbers are read one
 * after another.
 *
 * @param put       tickets offered to {@code put}.
 * @param givenBack tickets given back unspent.
 * @param taken     tickets taken.
 * @param resident  tickets in the cache now.
 * @param expired   tickets that were there past their lifetime, and discarded.
 * @param evicted   tickets discarded for room, dropped by a predicate, or by closing.
 * @param refused   tickets not let in: lifetime 0, no capacity, or closed.
 */
public record SessionCacheStats(
        long put, long givenBack, long taken, long resident, long expired, long evicted, long refused) {}

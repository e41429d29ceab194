package io.millrace.session;

/**
 * The bounds of one type of records.
 *
 * @param capacity     how many records there may be, at least 1: past it those that were not changed for longest go.
 * @param timeToLiveMs how long a record stays unless it is changed, in milliseconds, at least 1. If the clock is set back
 *                     to before a record's time, its age is unknown, and it goes, too.
 */
public record TypeOptions(int capacity, long timeToLiveMs) {
    /** No bounds: what a type has until they are set. */
    public static final TypeOptions UNBOUNDED = new TypeOptions(Integer.MAX_VALUE, Long.MAX_VALUE);

    /**
     * Checks the bounds.
     *
     * @param capacity     how many records there may be.
     * @param timeToLiveMs how long a record stays, in milliseconds.
     * @throws IllegalArgumentException if one is less than 1.
     */
    public TypeOptions {
        if (capacity < 1 || timeToLiveMs < 1) {
            throw new IllegalArgumentException("at least 1: capacity=" + capacity + " timeToLiveMs=" + timeToLiveMs);
        }
    }

    boolean isBounded() {
        return capacity != Integer.MAX_VALUE || timeToLiveMs != Long.MAX_VALUE;
    }
}

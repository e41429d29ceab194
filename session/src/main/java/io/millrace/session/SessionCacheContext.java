package io.millrace.session;

import java.util.Objects;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/** What a {@link SessionCache} is made with. One thread; read once, when the cache is made. */
public final class SessionCacheContext {
    private static final int MAX_COUNT = 1 << 20;
    private static final int MAX_PER_KEY = 256;

    private int maxKeys = 1_024;
    private int maxTicketsPerKey = 8;
    private int maxTickets = 4_096;
    private EpochClock clock = SystemEpochClock.INSTANCE;
    private DiscardListener discardListener = (key, slot, cause) -> {};

    /** Makes a context with the defaults. */
    public SessionCacheContext() {}

    /**
     * Sets the bound on keys, 1,024 unless set.
     *
     * @param value from 0 to 1,048,576; 0 refuses every ticket.
     * @return this.
     * @throws IllegalArgumentException if out of range.
     */
    public SessionCacheContext maxKeys(final int value) {
        maxKeys = checked("maxKeys", value, MAX_COUNT);
        return this;
    }

    /**
     * Bound on keys.
     *
     * @return how many keys may have tickets.
     */
    public int maxKeys() {
        return maxKeys;
    }

    /**
     * Sets the bound on tickets of one key, 8 unless set.
     *
     * @param value from 0 to 256; 0 refuses every ticket.
     * @return this.
     * @throws IllegalArgumentException if out of range.
     */
    public SessionCacheContext maxTicketsPerKey(final int value) {
        maxTicketsPerKey = checked("maxTicketsPerKey", value, MAX_PER_KEY);
        return this;
    }

    /**
     * Bound on tickets of one key.
     *
     * @return how many tickets a key may have.
     */
    public int maxTicketsPerKey() {
        return maxTicketsPerKey;
    }

    /**
     * Sets the bound on all tickets, 4,096 unless set.
     *
     * @param value from 0 to 1,048,576; 0 refuses every ticket.
     * @return this.
     * @throws IllegalArgumentException if out of range.
     */
    public SessionCacheContext maxTickets(final int value) {
        maxTickets = checked("maxTickets", value, MAX_COUNT);
        return this;
    }

    /**
     * Bound on all tickets.
     *
     * @return how many tickets may be in the cache.
     */
    public int maxTickets() {
        return maxTickets;
    }

    /**
     * Sets the clock that ages are read from, the system's unless set.
     *
     * @param value in milliseconds.
     * @return this.
     */
    public SessionCacheContext clock(final EpochClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * The clock.
     *
     * @return what ages are read from.
     */
    public EpochClock clock() {
        return clock;
    }

    /**
     * Sets who is told of slots that are given up; nobody unless set. The cache is not disturbed by what it throws.
     *
     * @param value to call.
     * @return this.
     */
    public SessionCacheContext discardListener(final DiscardListener value) {
        discardListener = Objects.requireNonNull(value, "discardListener");
        return this;
    }

    /**
     * Who is told of slots that are given up.
     *
     * @return the listener.
     */
    public DiscardListener discardListener() {
        return discardListener;
    }

    /** For debugging: the bounds. */
    @Override
    public String toString() {
        return "SessionCacheContext maxKeys=" + maxKeys + " maxTicketsPerKey=" + maxTicketsPerKey + " maxTickets="
                + maxTickets;
    }

    private static int checked(final String name, final int value, final int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("out of range: " + name + "=" + value + " max=" + max);
        }
        return value;
    }
}

package io.millrace.transport;

/** Who drives the connections and listeners of a {@link Transport}. */
public enum Driving {
    /**
     * A platform thread for each: the lowest latency, for about 60 KiB and three descriptors each. Any JDK, some
     * thousand connections.
     *
     * <p>A connection that has had nothing to do for {@link TransportContext#threadKeepAliveNs()} has no thread and one descriptor,
     * which one more platform thread watches: what comes next gets it another one, of the same name. So thread-locals of its handler do
     * not last, and who interrupts a thread that it has seen before may interrupt another connection's. With {@link Waiting#ADAPTIVE} and
     * {@link Waiting#PARKING}; the others never sleep.
     */
    THREAD,

    /**
     * A virtual thread for each, and one platform thread, a daemon, that watches all sockets: the most connections, with
     * one descriptor each. JDK 21 or later. Whoever spins keeps its carrier thread from others: {@link Waiting#ADAPTIVE}
     * does so for 20 turns at the most, as the process-wide budget allows, and {@link Waiting#SPINNING} yields instead.
     * Nothing here keeps the process alive: all are daemons. A handler that computes for long keeps a carrier thread from
     * others, too; one that blocks does not.
     *
     * <p>A connection that has had nothing to do for {@link TransportContext#threadKeepAliveNs()}, or one of whose last two silences was longer
     * than a second, has no thread, for a sleeping stack is about half of what such a connection holds: what comes next gets it another
     * one, as with {@link #THREAD}.
     */
    VIRTUAL_THREAD,

    /**
     * The caller's own thread, in {@link Transport#invoker()}: no thread is started, and nothing is handed over. Each
     * invocation takes every connection and listener one turn on, which is one read each: made for a few connections.
     * {@link Waiting} has no meaning: how to wait between invocations is up to the caller.
     */
    INVOKER
}
